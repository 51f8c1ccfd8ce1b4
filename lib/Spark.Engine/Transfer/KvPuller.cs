using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Sockets;

namespace Spark.Engine;

/// <summary>The decode side: threads that pull requests' KV from prefill engines, one pull each at a time, and say how it ended.</summary>
internal sealed class KvPuller : IDisposable
{
    readonly KvTransferConfig config;
    readonly KvIdentity identity;
    readonly KvPool pool;
    readonly Action<KvPulled> ended;
    readonly IKvTransport transport;
    readonly BlockingCollection<KvPull> waiting = [];
    readonly ConcurrentDictionary<KvPull, byte> running = [];
    readonly List<Thread> threads = [];
    readonly ConcurrentDictionary<string, RemoteEngine> remotes = [];   // by engine id, which is new with every start

    public KvPuller(KvTransferConfig config, KvIdentity identity, KvPool pool, Action<KvPulled> ended)
    {
        (this.config, this.identity, this.pool, this.ended) = (config, identity, pool, ended);
        transport = config.Transport == "shm" ? new ShmTransport() : new TcpTransport();
        for (var i = 0; i < config.NumThreads; i++)
            threads.Add(new Thread(Work) { Name = $"KV pull {i}", IsBackground = true });
        threads.ForEach(thread => thread.Start());
    }

    public void Start(KvPull pull) => waiting.Add(pull);

    void Work()
    {
        foreach (var pull in waiting.GetConsumingEnumerable())
        {
            running.TryAdd(pull, 0);
            var result = Run(pull);
            running.TryRemove(pull, out _);
            ended(result);
        }
    }

    KvPulled Run(KvPull pull)
    {
        var started = Stopwatch.GetTimestamp();
        var (post, transfer, bytes) = (TimeSpan.Zero, TimeSpan.Zero, 0L);
        string? failure = null;
        RemoteEngine? remote = null;
        try
        {
            remote = Find(pull.Source);
            using var connection = new Rented(remote);
            pull.RunOn(connection.Wire);
            post = Stopwatch.GetElapsedTime(started);
            if (!pull.IsEmpty)
                transport.Read(remote, connection.Wire, pull.Source.RemoteRequestId!, pull.RemoteBlocks, pull.LocalBlocks, pool);
            bytes = pull.LocalBlocks.Length * pool.Layout.BytesPerBlock;
            transfer = Stopwatch.GetElapsedTime(started);
            connection.IsGood = pull.Release();
        }
        catch (Exception e) when (IsOfTransfer(e))
        {
            failure = e.Message;
        }
        // Whatever came of the read, the prefill engine need not hold the blocks any longer.
        var untold = remote is null ? failure : Tell(remote, pull.Source.RemoteRequestId!);
        // Over tcp the sender watches its lease while it sends. A one-sided read is only known to be whole once the lease is known to have held.
        if (transport is ShmTransport && !pull.IsEmpty)
            failure ??= untold;
        if (pull.IsCancelled)
            failure = "the request was aborted";
        return new(pull, failure, new(transfer, post, bytes, pull.LocalBlocks.Length, failure is null, NotificationFailed: untold is not null));
    }

    string? Tell(RemoteEngine remote, string requestId)
    {
        try
        {
            using var connection = new Rented(remote);
            var refusal = remote.Done(connection.Wire, requestId);
            connection.IsGood = true;
            return refusal;
        }
        catch (Exception e) when (IsOfTransfer(e))
        {
            Forget(remote);
            return e.Message;
        }
    }

    static bool IsOfTransfer(Exception e) => e is KvTransferException or SocketException or IOException or ObjectDisposedException or InvalidDataException;

    // Pulls from an engine that does not answer wait for it side by side, so that none waits for another's deadline.
    RemoteEngine Find(KvTransferParams source)
    {
        if (remotes.TryGetValue(source.RemoteEngineId!, out var known))
            return known;
        var remote = RemoteEngine.Connect(source, identity, pool.Layout.BytesPerBlock, config);
        if (!remotes.TryAdd(source.RemoteEngineId!, remote))
        {
            remote.Dispose();
            return Find(source);
        }
        // A side channel is one engine's: whoever had it before has ended, and would keep memory and sockets here.
        foreach (var former in remotes.Values.Where(other => other != remote && other.Address == remote.Address))
            Forget(former);
        return remote;
    }

    void Forget(RemoteEngine remote)
    {
        if (remotes.TryRemove(new(remote.Handshake.EngineId, remote)))
            remote.Dispose();
    }

    /// <summary>Returns when nothing writes to the pool any more.</summary>
    public void Dispose()
    {
        waiting.CompleteAdding();
        while (waiting.TryTake(out _))
        {
        }
        foreach (var pull in running.Keys)
            pull.Cancel();
        threads.ForEach(thread => thread.Join());
        foreach (var remote in remotes.Values)
            remote.Dispose();
    }

    /// <summary>A connection that goes back to its engine only if it was used to the end of an exchange.</summary>
    sealed class Rented(RemoteEngine remote) : IDisposable
    {
        public Wire Wire { get; } = remote.Rent();
        public bool IsGood { get; set; }

        public void Dispose()
        {
            if (IsGood)
                remote.Return(Wire);
            else
                Wire.Dispose();
        }
    }
}
