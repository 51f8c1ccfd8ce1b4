using System.Numerics.Tensors;

namespace Spark.Engine;

/// <summary>Chooses a request's next token from its logits, in vLLM's order: minimum length, penalties, then greedy, or temperature, min_p, top_k and top_p.</summary>
internal sealed class Sampler(int vocabulary, IReadOnlyList<int> eosTokens)
{
    readonly float[] scores = new float[vocabulary];
    readonly int[] tokens = new int[vocabulary];

    /// <param name="logits">[vocabulary]; changed in place.</param>
    public int Next(Request request, Span<float> logits)
    {
        var sampling = request.Sampling;
        if (request.OutputTokens < sampling.MinTokens)
            ForbidStops(sampling, logits);
        Penalties.Apply(request, logits);
        return sampling.Temperature < 1e-5f
            ? TensorPrimitives.IndexOfMax(logits)
            : Draw(sampling, logits, RandomDraw.At(request.Seed, request.OutputTokens));
    }

    void ForbidStops(SamplingParams sampling, Span<float> logits)
    {
        foreach (var token in sampling.IgnoreEos ? sampling.StopTokenIds : eosTokens.Concat(sampling.StopTokenIds))
            logits[token] = float.NegativeInfinity;
    }

    int Draw(SamplingParams sampling, Span<float> logits, double uniform)
    {
        var max = TensorPrimitives.Max(logits);
        // Penalties may have made a logit infinite, or all tokens forbidden: nothing is to be drawn then.
        if (!float.IsFinite(max))
            return TensorPrimitives.IndexOfMax(logits);
        for (var i = 0; i < logits.Length; i++)
            logits[i] = MathF.Exp((logits[i] - max) / sampling.Temperature);   // relative to the likeliest token, which is 1
        var total = TensorPrimitives.Sum(logits);
        var kept = Candidates(sampling, logits, total);
        double mass = 0;
        for (var i = 0; i < kept; i++)
            mass += scores[i];
        var target = uniform * mass;
        for (var i = 0; i < kept - 1; i++)
            if ((target -= scores[i]) < 0)
                return tokens[i];
        return tokens[kept - 1];
    }

    /// <summary>Fills scores and tokens with what the filters leave, likeliest first where they need an order.</summary>
    int Candidates(SamplingParams sampling, ReadOnlySpan<float> weights, float total)
    {
        // A nucleus of mass top_p cannot hold a token under (1 - top_p) / vocabulary: all of those together have less than 1 - top_p.
        var least = Math.Max(sampling.MinP, (1 - sampling.TopP) * total / vocabulary);
        var count = 0;
        for (var i = 0; i < weights.Length; i++)
            if (weights[i] >= least && weights[i] > 0)
                (scores[count], tokens[count++]) = (weights[i], i);
        if (sampling.TopK == 0 && sampling.TopP >= 1)
            return count;
        Array.Sort(scores, tokens, 0, count, LikeliestFirst);
        if (sampling.TopK > 0)
            count = Math.Min(count, sampling.TopK);
        if (sampling.TopP >= 1)
            return count;
        var nucleus = sampling.TopP * (sampling.TopK > 0 ? TensorPrimitives.Sum(scores.AsSpan(0, count)) : total);
        var (kept, sum) = (0, 0f);
        while (kept < count && sum < nucleus)
            sum += scores[kept++];
        return Math.Max(kept, 1);
    }

    static readonly Comparer<float> LikeliestFirst = Comparer<float>.Create((a, b) => b.CompareTo(a));
}
