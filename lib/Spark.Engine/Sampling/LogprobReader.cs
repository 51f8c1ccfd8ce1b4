using System.Numerics.Tensors;

namespace Spark.Engine;

/// <summary>Log probabilities of a position from its raw logits.</summary>
internal static class LogprobReader
{
    /// <summary>Log of the sum of exponentials, in double precision: one pass over [vocabulary].</summary>
    public static double LogSumExp(ReadOnlySpan<float> logits)
    {
        var max = TensorPrimitives.Max(logits);
        double sum = 0;
        foreach (var logit in logits)
            sum += Math.Exp(logit - max);
        return max + Math.Log(sum);
    }

    /// <param name="rawLogits">[vocabulary], as the model gave them.</param>
    public static TokenLogprobs Read(ReadOnlySpan<float> rawLogits, int chosen, int alternatives)
    {
        var norm = LogSumExp(rawLogits);
        var rank = 1;
        foreach (var logit in rawLogits)
            rank += logit > rawLogits[chosen] ? 1 : 0;
        var best = new PriorityQueue<int, (float Logit, int Reversed)>();   // least likely first, so that it can be dropped
        for (var token = 0; token < rawLogits.Length && alternatives > 0; token++)
            if (best.Count < alternatives)
                best.Enqueue(token, (rawLogits[token], -token));
            else
                best.EnqueueDequeue(token, (rawLogits[token], -token));
        var top = new (int, float)[best.Count];
        for (var i = top.Length - 1; i >= 0; i--)
        {
            var token = best.Dequeue();
            top[i] = (token, (float)(rawLogits[token] - norm));
        }
        return new TokenLogprobs(chosen, (float)(rawLogits[chosen] - norm), rank, top);
    }
}
