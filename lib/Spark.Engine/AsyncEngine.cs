using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Spark.Engine;

/// <summary>Runs an <see cref="Engine"/> on a thread of its own and carries requests to it and outputs from it.</summary>
internal sealed class AsyncEngine : IEngine, IDisposable
{
    readonly Engine engine;
    readonly EngineLog log;
    readonly ConcurrentQueue<Action> inbox = new();
    readonly AutoResetEvent news = new(false);
    readonly Dictionary<string, ChannelWriter<EngineOutput>> streams = [];   // the engine thread's own
    readonly Channel<Delivery> deliveries = Channel.CreateUnbounded<Delivery>(new() { SingleReader = true, SingleWriter = true });
    readonly Thread thread;
    readonly Lock counting = new();
    EngineStats stats;
    volatile EngineDeadException? dead;
    volatile bool stopping;

    /// <param name="atStart">Called by the engine's thread before it computes anything.</param>
    public AsyncEngine(Engine engine, LoadedModel model, KvCapacity capacity, EngineOptions options, EngineLog log, Action? atStart = null)
    {
        (this.engine, this.log) = (engine, log);
        (MaxModelLen, VocabSize, EosTokenIds) = (model.Limits.MaxModelLen, model.Config.VocabSize, model.Config.EosTokenIds);
        CacheConfig = new Dictionary<string, string>
        {
            ["block_size"] = $"{KvLayout.BlockSize}",
            ["cache_dtype"] = options.KvCacheDtype == KvDtype.BFloat16 ? "bfloat16" : "float32",
            ["enable_prefix_caching"] = options.EnablePrefixCaching ? "True" : "False",
            ["gpu_memory_utilization"] = options.GpuMemoryUtilization.ToString(CultureInfo.InvariantCulture),
            ["num_gpu_blocks"] = $"{capacity.Blocks}",
            ["prefix_caching_hash_algo"] = "sha256",
        };
        Stats = engine.Stats;
        if (engine.Connector is { } connector)
            connector.News += () => news.Set();
        engine.Pulled += stats => Pulled?.Invoke(stats);
        _ = DeliverAsync();
        // By this name others tell what of the process's time went into computing.
        thread = new Thread(() => Run(atStart)) { Name = "engine", IsBackground = true };
        thread.Start();
    }

    public int MaxModelLen { get; }
    public int VocabSize { get; }
    public IReadOnlyList<int> EosTokenIds { get; }
    public EngineStats Stats
    {
        get
        {
            lock (counting)
                return stats;
        }
        private set
        {
            lock (counting)
                stats = value;
        }
    }

    public IReadOnlyDictionary<string, string> CacheConfig { get; }
    public EngineDeadException? Failure => dead;
    public event Action<int>? Stepped;
    public event Action<KvTransferStats>? Pulled;

    public async IAsyncEnumerable<EngineOutput> GenerateAsync(EngineRequest request, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var stream = Channel.CreateUnbounded<EngineOutput>(new() { SingleReader = true, SingleWriter = true, AllowSynchronousContinuations = true });
        Tell(() => Admit(request, stream.Writer));
        var ended = false;
        try
        {
            await foreach (var output in stream.Reader.ReadAllAsync(cancellation))
            {
                ended = output.FinishReason is not null;
                yield return output;
            }
        }
        finally
        {
            if (!ended)
                Tell(() => Abort(request.Id, stream.Writer));
        }
    }

    void Run(Action? atStart)
    {
        try
        {
            atStart?.Invoke();
            while (!stopping)
            {
                while (inbox.TryDequeue(out var message))
                    message();
                if (!Step())
                    news.WaitOne();
            }
            End(null);
        }
        catch (Exception e)
        {
            Die(e);
        }
    }

    /// <summary>False where there was nothing to compute: no request, or none that can go on before something else happens.</summary>
    bool Step()
    {
        var outputs = engine.Step();
        foreach (var output in outputs)
        {
            Deliver(new(streams[output.RequestId], output, IsLast: output.FinishReason is not null));
            if (output.FinishReason is not null)
                streams.Remove(output.RequestId);
        }
        Stats = engine.Stats;
        if (engine.StepTokens == 0)
            return outputs.Count > 0;
        Stepped?.Invoke(engine.StepTokens);
        // On one core the HTTP threads that this step has woken would otherwise wait for the scheduler's next tick, some milliseconds and steps later.
        Thread.Yield();
        return true;
    }

    void Admit(EngineRequest request, ChannelWriter<EngineOutput> stream)
    {
        if (!streams.TryAdd(request.Id, stream))
        {
            Deliver(new(stream, null, IsLast: true, new InvalidOperationException($"A request with the id {request.Id} is running already.")));
            return;
        }
        engine.Add(request);
    }

    void Abort(string requestId, ChannelWriter<EngineOutput> stream)
    {
        if (streams.GetValueOrDefault(requestId) != stream)
            return; // It has ended, or never was admitted because another one has its id.
        engine.Abort(requestId);
        streams.Remove(requestId);
        Deliver(new(stream, null, IsLast: true));
    }

    void Tell(Action message)
    {
        inbox.Enqueue(message);
        news.Set();
        // Looked at after the message is in: either the dying thread still finds it there, or this sees that it has died.
        if (dead is { } error)
            throw error;
    }

    void Die(Exception error)
    {
        log.Error("Engine", error.ToString());
        dead = new EngineDeadException(error);
        while (inbox.TryDequeue(out var message))
            message();
        End(dead);
    }

    void End(Exception? error)
    {
        foreach (var stream in streams.Values)
            Deliver(new(stream, null, IsLast: true, error));
        streams.Clear();
        deliveries.Writer.Complete();
    }

    void Deliver(Delivery delivery) => deliveries.Writer.TryWrite(delivery);

    // A step wakes one thread, which goes from request to request with what came of it: a thread for each takes more of the engine's core (tests/Spark.Benchmarks/NOTES.md).
    async Task DeliverAsync()
    {
        await foreach (var (stream, output, isLast, error) in deliveries.Reader.ReadAllAsync())
        {
            if (output is { } some)
                stream.TryWrite(some);
            if (isLast)
                stream.TryComplete(error);
        }
    }

    public void Dispose()
    {
        stopping = true;
        news.Set();
        thread.Join();
        // Its news are left to the garbage collector: a pull that is still ending tells of itself until the connector is disposed of.
    }

    readonly record struct Delivery(ChannelWriter<EngineOutput> Stream, EngineOutput? Output, bool IsLast, Exception? Error = null);
}
