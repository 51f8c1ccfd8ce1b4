namespace Spark.Notebooks;

public sealed partial record ModelShape
{
    /// <summary>One forward pass over <paramref name="tokens"/> prompt tokens after <paramref name="cached"/> cached ones: causal attention, logits of the last token only.</summary>
    public Work Prefill(int tokens, int cached = 0)
    {
        RequireDense();
        ArgumentOutOfRangeException.ThrowIfLessThan(tokens, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(cached);
        return new(
            Flop: (tokens * MatrixFlopPerToken) + AttentionFlop(window => Attended(tokens, cached, window)) + LogitsFlop,
            Bytes: WeightBytesPerStep.Bytes + (double)KvBytes(cached + tokens).Bytes);
    }

    /// <summary>One token for each of <paramref name="batch"/> sequences with <paramref name="context"/> tokens each: the weights are read once, every sequence's KV once.</summary>
    public Work DecodeStep(int batch, int context)
    {
        RequireDense();
        ArgumentOutOfRangeException.ThrowIfLessThan(batch, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(context, 1);
        return new(
            Flop: batch * (MatrixFlopPerToken + AttentionFlop(window => Math.Min(context, window)) + LogitsFlop),
            Bytes: WeightBytesPerStep.Bytes + ((double)batch * KvBytes(context).Bytes));
    }

    /// <param name="positions">Query-position pairs in a layer that looks back this many tokens.</param>
    double AttentionFlop(Func<int, double> positions) =>
        AttentionFlopPerPosition / Layers * (((Layers - SlidingLayers) * positions(int.MaxValue)) + (SlidingLayers * positions(SlidingWindow)));

    /// <summary>Pairs of a query and a position that it sees: its own, and those before it up to the window.</summary>
    static double Attended(double tokens, double cached, double window)
    {
        var growing = Math.Clamp(window - cached, 0, tokens);
        return (growing * cached) + (growing * (growing + 1) / 2) + ((tokens - growing) * window);
    }

    void RequireDense()
    {
        if (ActiveParameters is not null)
            throw new NotSupportedException($"{Name} is a mixture of experts: which weights a step reads depends on its tokens, so this arithmetic does not hold.");
    }
}
