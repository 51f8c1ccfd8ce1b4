namespace Spark.Notebooks;

public sealed partial record ModelShape
{
    /// <summary>One forward pass over <paramref name="tokens"/> prompt tokens after <paramref name="cached"/> cached ones: causal attention, logits of the last token only.</summary>
    public Work Prefill(int tokens, int cached = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(tokens, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(cached);
        var attended = ((double)tokens * cached) + ((double)tokens * (tokens + 1) / 2);
        return new(
            Flop: (tokens * MatrixFlopPerToken) + (attended * AttentionFlopPerPosition) + LogitsFlop,
            Bytes: WeightBytesPerStep.Bytes + ((double)(cached + tokens) * KvBytesPerToken.Bytes));
    }

    /// <summary>One token for each of <paramref name="batch"/> sequences with <paramref name="context"/> tokens each: the weights are read once, every sequence's KV once.</summary>
    public Work DecodeStep(int batch, int context)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batch, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(context, 1);
        return new(
            Flop: batch * (MatrixFlopPerToken + (context * AttentionFlopPerPosition) + LogitsFlop),
            Bytes: WeightBytesPerStep.Bytes + ((double)batch * context * KvBytesPerToken.Bytes));
    }
}
