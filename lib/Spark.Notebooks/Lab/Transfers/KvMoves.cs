using System.Diagnostics;

namespace Spark.Notebooks;

/// <summary>Real KV caches moved between a prefill and a decode engine on two nodes: every prompt is new, one request at a time, transports in turns.</summary>
public sealed record KvMoves
{
    const int Warmups = 2;
    static readonly string[] Transports = ["tcp", "auto"];

    public required ModelShape Shape { get; init; }
    /// <summary>The engines' own, which is vLLM's default.</summary>
    public int BlockTokens { get; init; } = 16;
    public required IReadOnlyList<KvMove> Moves { get; init; }

    /// <summary>The first pull of each pair in ms, in which the engines also connect and shake hands; left out elsewhere.</summary>
    public required IReadOnlyDictionary<string, double> FirstPull { get; init; }

    /// <summary>The engines, by name and node.</summary>
    public required string Where { get; init; }

    /// <summary>By arithmetic: the blocks of all tokens but the last, which the decode engine computes itself for the logits.</summary>
    public ByteSize Expected(int promptTokens) => Shape.KvBytesInBlocks(promptTokens - 1, BlockTokens);

    public IEnumerable<KvMove> Over(string transport) => Moves.Where(move => move.Transport == transport);

    /// <summary>Starts a pair of engines a transport, moves prompts of the knobs' lengths, and stops the engines.</summary>
    /// <exception cref="EngineStartException">An engine did not come up.</exception>
    /// <exception cref="InvalidOperationException">A request's KV was not pulled whole.</exception>
    public static async Task<KvMoves> MeasureAsync(Cluster cluster, KvKnobs? knobs = null, CancellationToken cancellation = default)
    {
        knobs ??= new();
        var pairs = await cluster.ServeSideBySideAsync([.. Transports.Select(transport => (Topology.Disaggregated(1, 1), new Knobs { Transport = transport }))], cancellation);
        try
        {
            return await MoveAsync(pairs, knobs, cancellation);
        }
        finally
        {
            await Task.WhenAll(pairs.Select(pair => pair.StopAsync()));
        }
    }

    static async Task<KvMoves> MoveAsync(IReadOnlyList<Deployment> pairs, KvKnobs knobs, CancellationToken cancellation)
    {
        var text = await PromptText.LoadAsync(pairs[0], seed: 0, cancellation);
        var first = new Dictionary<string, double>();
        foreach (var pair in pairs)
        {
            first[pair.Target.Transport!] = (await OneAsync(pair, text.Next(knobs.MovedLengths[0]), cancellation)).TransferMs;
            // An engine's code is compiled as it runs: the first long prompts take several times as long as later ones.
            for (var warmup = 0; warmup < Warmups; warmup++)
                await OneAsync(pair, text.Next(knobs.MovedLengths.Max()), cancellation);
        }
        var pulls = new List<Pull>();
        for (var round = 0; round < knobs.Repeats; round++)
        {
            foreach (var tokens in knobs.MovedLengths)
            {
                foreach (var pair in pairs)
                    pulls.Add(await OneAsync(pair, text.Next(tokens), cancellation));
            }
        }
        return new()
        {
            Shape = pairs[0].Shape(),
            FirstPull = first,
            Where = string.Join("; ", pairs.Select(pair => Provenance.Describe(pair.Target))),
            Moves = [.. from pull in pulls
                        group pull by (pull.Transport, pull.Tokens) into same
                        orderby same.Key.Transport == "tcp" descending, same.Key.Tokens
                        select new KvMove
                        {
                            Transport = same.Key.Transport,
                            PromptTokens = same.Key.Tokens,
                            Moved = same.First().Moved,
                            Transfer = new(same.Select(pull => pull.TransferMs), "ms"),
                            Prefill = new(same.Select(pull => pull.PrefillMs), "ms"),
                            Ttft = new(same.Select(pull => pull.TtftMs), "ms"),
                        }],
        };
    }

    static async Task<Pull> OneAsync(Deployment pair, IReadOnlyList<int> prompt, CancellationToken cancellation)
    {
        using var client = new EngineClient(pair.Target.Topology, pair.Target.Endpoint);
        var before = await pair.MetricsAsync(cancellation);
        var sent = Stopwatch.GetTimestamp();
        await client.CompleteAsync(pair.Target.Model, new(prompt, 1), cancellation);
        var ttft = Stopwatch.GetElapsedTime(sent);
        var counted = (await pair.MetricsAsync(cancellation)).Zip(before, (after, earlier) => after.Since(earlier)).ToArray();
        var (prefill, decode) = (counted[0], counted[^1]);
        if ((prefill.PrefillTime.Count, decode.TransferTime.Count, decode.FailedTransfers) is not (1, 1, 0))
            throw new InvalidOperationException($"{pair.Target.Name}: a prompt of {prompt.Count} tokens was computed {prefill.PrefillTime.Count} times on {prefill.Node} and pulled {decode.TransferTime.Count} times "
                + $"({decode.FailedTransfers} failed) by {decode.Node}; both should be once. Stop whatever else sends requests there, and run this again.");
        return new(pair.Target.Transport!, prompt.Count, new(decode.BytesTransferred), decode.TransferTime.Sum.TotalMilliseconds, prefill.PrefillTime.Sum.TotalMilliseconds, ttft.TotalMilliseconds);
    }

    sealed record Pull(string Transport, int Tokens, ByteSize Moved, double TransferMs, double PrefillMs, double TtftMs);
}
