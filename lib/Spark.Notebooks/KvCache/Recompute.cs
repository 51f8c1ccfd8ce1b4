namespace Spark.Notebooks;

/// <summary>What moving a KV cache competes with: computing it again, on a machine whose prefill times are known or bounded.</summary>
public sealed class Recompute
{
    readonly Func<int, TimeSpan> prefill;
    readonly Func<int, TimeSpan> decodeStep;

    Recompute(string name, ModelShape shape, int shortest, int longest, Func<int, TimeSpan> prefill, Func<int, TimeSpan> decodeStep) =>
        (Name, Shape, Shortest, Longest, this.prefill, this.decodeStep) = (name, shape, shortest, longest, prefill, decodeStep);

    public string Name { get; }
    public ModelShape Shape { get; }

    /// <summary>The prompt lengths, in tokens, that it can speak for.</summary>
    public int Shortest { get; }
    public int Longest { get; }

    /// <summary>As fast as two ceilings allow; a real prefill is slower, and moving pays sooner. Of a mixture of experts, no more is counted than one token's own work and weights.</summary>
    public static Recompute OnRoofline(string name, ModelShape shape, Roofline roofline)
    {
        return new(name, shape, 1, shape.MaxPositions, Prefill, DecodeStep);

        TimeSpan Prefill(int tokens) => roofline.Predict(shape.ActiveParameters is null ? shape.Prefill(tokens) : Sparse(tokens));
        TimeSpan DecodeStep(int context) => roofline.Predict(shape.ActiveParameters is null ? shape.DecodeStep(1, context) : Sparse(1));
        Work Sparse(int tokens) => new(tokens * shape.MatrixFlopPerToken, shape.ActiveParameters!.Value * (double)shape.WeightDtypeBytes);
    }

    /// <summary>From measured prefill times and decode steps of one sequence by its context: between two of them as a power of the length.</summary>
    public static Recompute FromSteps(string name, ModelShape shape, IEnumerable<(int Tokens, TimeSpan Time)> prefill, IEnumerable<(int Context, TimeSpan Time)> decode)
    {
        (int Tokens, TimeSpan Time)[] prefills = [.. prefill.OrderBy(step => step.Tokens)];
        (int Tokens, TimeSpan Time)[] steps = [.. decode.OrderBy(step => step.Context)];
        return new(name, shape, prefills[0].Tokens, prefills[^1].Tokens, tokens => Between(prefills, tokens), context => Between(steps, Math.Clamp(context, steps[0].Tokens, steps[^1].Tokens)));
    }

    /// <exception cref="ArgumentOutOfRangeException">Nothing is known of a prompt this short or long.</exception>
    public TimeSpan Prefill(int tokens)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(tokens, Shortest);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(tokens, Longest);
        return prefill(tokens);
    }

    /// <summary>A disaggregated TTFT without queues and HTTP: computing the prompt, moving its KV, and the decode engine's first step.</summary>
    public TtftParts Ttft(int tokens, Link link, int blockTokens = 16) =>
        new(Prefill(tokens), link.Transfer(Shape.KvBytesInBlocks(tokens, blockTokens)), decodeStep(tokens));

    /// <summary>The bandwidth at which moving the KV of this prompt takes as long as computing it: faster links win by moving.</summary>
    public double BreakEvenBytesPerSecond(int tokens) => Shape.KvBytes(tokens).Bytes / Prefill(tokens).TotalSeconds;

    /// <summary>Whether moving the KV of this prompt over the link is faster than computing it again.</summary>
    public bool MovingPays(Link link, int tokens) => link.Transfer(Shape.KvBytes(tokens)) < Prefill(tokens);

    static TimeSpan Between((int Tokens, TimeSpan Time)[] steps, int tokens)
    {
        var after = Array.FindIndex(steps, step => step.Tokens >= tokens);
        if (steps[after].Tokens == tokens)
            return steps[after].Time;
        var ((low, lowTime), (high, highTime)) = (steps[after - 1], steps[after]);
        var share = Math.Log((double)tokens / low) / Math.Log((double)high / low);
        return lowTime * Math.Pow(highTime / lowTime, share);
    }
}
