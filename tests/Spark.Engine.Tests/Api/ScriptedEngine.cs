using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace Spark.Engine.Tests;

/// <summary>An engine that says what it is told to say: for what the real one does not do on demand, such as failing, or going on for ever.</summary>
sealed class ScriptedEngine(Func<EngineRequest, IEnumerable<EngineOutput>> script) : IEngine
{
    public int MaxModelLen { get; init; } = 2048;
    public int VocabSize => 4096;
    public IReadOnlyList<int> EosTokenIds => [4081];
    public EngineStats Stats { get; set; }
    public EngineDeadException? Failure { get; set; }
    public IReadOnlyDictionary<string, string> CacheConfig { get; } = new Dictionary<string, string> { ["block_size"] = "16" };
    public event Action<KvTransferStats>? Pulled { add { } remove { } }
    public event Action<int>? Stepped;

    public ConcurrentQueue<EngineRequest> Requests { get; } = new();

    /// <summary>Ids of requests that were left before they had ended.</summary>
    public ConcurrentQueue<string> Aborted { get; } = new();

    /// <summary>Awaited before each output, if set.</summary>
    public Func<EngineRequest, int, CancellationToken, Task>? Pace { get; init; }

    public async IAsyncEnumerable<EngineOutput> GenerateAsync(EngineRequest request, [EnumeratorCancellation] CancellationToken cancellation)
    {
        Requests.Enqueue(request);
        var (ended, step) = (false, 0);
        try
        {
            foreach (var output in script(request))
            {
                if (Pace is not null)
                    await Pace(request, step++, cancellation);
                cancellation.ThrowIfCancellationRequested();
                Stepped?.Invoke(1);
                ended = output.FinishReason is not null;
                yield return output;
            }
        }
        finally
        {
            if (!ended)
                Aborted.Enqueue(request.Id);
        }
    }

    /// <summary>Tokens one after another, the last with a finish reason.</summary>
    public static IEnumerable<EngineOutput> Say(EngineRequest request, IReadOnlyList<int> tokens, FinishReason reason = FinishReason.Length) =>
        tokens.Select((token, i) => new EngineOutput { RequestId = request.Id, Token = token, Times = default, FinishReason = i == tokens.Count - 1 ? reason : null });

    /// <summary>The tokens of a text, then the end of sequence.</summary>
    public static IEnumerable<EngineOutput> Say(EngineRequest request, string text) =>
        Say(request, [.. Tales.Tokenizer.Encode(text, false), 4081], FinishReason.Stop);

    /// <summary>The same token for ever.</summary>
    public static IEnumerable<EngineOutput> Drone(EngineRequest request)
    {
        while (true)
            yield return new() { RequestId = request.Id, Token = 'a', Times = default };
    }
}
