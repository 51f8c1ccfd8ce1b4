namespace Spark.Notebooks;

/// <summary>One latency measured over a number of tokens, one request at a time, in shuffled order, without prefix-cache hits.</summary>
public sealed record Sweep
{
    /// <summary>What was timed: <c>TTFT</c>, or <c>ITL</c> as each request's mean.</summary>
    public required string Metric { get; init; }

    /// <summary>What was varied, such as <c>prompt tokens</c> or <c>context tokens</c>.</summary>
    public required string Axis { get; init; }

    public required LoadTarget Target { get; init; }

    /// <summary>Requests sent before, which are in no figure.</summary>
    public required int WarmupRequests { get; init; }

    /// <summary>By rising number of tokens.</summary>
    public required IReadOnlyList<SweepPoint> Points { get; init; }

    /// <summary>TTFT over prompt length: one output token each.</summary>
    /// <exception cref="LoadException">A request failed.</exception>
    public static Task<Sweep> TtftAsync(LoadTarget target, IReadOnlyList<int> promptTokens, int repeats = 5, int seed = 0, CancellationToken cancellation = default) =>
        RunAsync(target, "TTFT", "prompt tokens", promptTokens, prompt => (prompt, 1), request => request.Ttft, repeats, seed, cancellation);

    /// <summary>
    /// ITL over context length: <paramref name="outputTokens"/> each, whose gaps have the asked-for context in their middle. A request gives one value, its mean gap
    /// by token, so that tokens that reach the client together do not count as gaps of zero.
    /// </summary>
    /// <exception cref="LoadException">A request failed.</exception>
    public static Task<Sweep> ItlAsync(LoadTarget target, IReadOnlyList<int> contextTokens, int outputTokens = 9, int repeats = 5, int seed = 0, CancellationToken cancellation = default)
    {
        // The gap before output token k computes one token that attends to prompt + k − 1 tokens, itself included: on average prompt + outputTokens / 2.
        ArgumentOutOfRangeException.ThrowIfLessThan(outputTokens, 2);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(contextTokens.Min(), outputTokens / 2, nameof(contextTokens));
        return RunAsync(target, "ITL", "context tokens", contextTokens, context => (context - outputTokens / 2, outputTokens), request => request.Tpot!.Value, repeats, seed, cancellation);
    }

    internal static async Task<Sweep> RunAsync(
        LoadTarget target, string metric, string axis, IReadOnlyList<int> tokens, Func<int, (int Prompt, int Output)> shape,
        Func<RequestTimeline, TimeSpan> latency, int repeats, int seed, CancellationToken cancellation)
    {
        var text = await PromptText.LoadAsync(target, seed, cancellation);
        using var generator = new LoadGenerator(target);
        var order = tokens.Distinct().SelectMany(count => Enumerable.Repeat(count, repeats)).ToArray();
        new Random(seed).Shuffle(order);

        PromptRequest[] warmups = [.. tokens.Distinct().Select(Request)];
        await generator.WarmUpAsync(warmups, concurrency: 1, cancellation);
        var answers = await generator.InTurnAsync($"{metric} over {axis}", [.. order.Select(Request)], cancellation);
        return new()
        {
            Metric = metric,
            Axis = axis,
            Target = target,
            WarmupRequests = warmups.Length,
            Points = [.. order.Zip(answers).GroupBy(pair => pair.First, pair => pair.Second).OrderBy(group => group.Key).Select(Point)],
        };

        PromptRequest Request(int count) => new(text.Next(shape(count).Prompt), shape(count).Output);
        SweepPoint Point(IGrouping<int, RequestTimeline> group) => new(group.Key, [.. group], Distribution.OfMilliseconds(group.Select(latency)));
    }
}
