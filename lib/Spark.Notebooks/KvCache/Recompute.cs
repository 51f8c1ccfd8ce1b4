namespace Spark.Notebooks;

/// <summary>What moving a KV cache competes with: computing it again, on a machine whose prefill times are known or bounded.</summary>
public sealed class Recompute
{
    readonly Func<int, TimeSpan> prefill;

    Recompute(string name, ModelShape shape, int shortest, int longest, Func<int, TimeSpan> prefill) =>
        (Name, Shape, Shortest, Longest, this.prefill) = (name, shape, shortest, longest, prefill);

    public string Name { get; }
    public ModelShape Shape { get; }

    /// <summary>The prompt lengths, in tokens, that it can speak for.</summary>
    public int Shortest { get; }
    public int Longest { get; }

    /// <summary>As fast as two ceilings allow; a real prefill is slower, and moving pays sooner.</summary>
    public static Recompute OnRoofline(string name, ModelShape shape, Roofline roofline) =>
        new(name, shape, 1, shape.MaxPositions, tokens => roofline.Predict(shape.Prefill(tokens)));

    /// <summary>From measured prefill times: between two of them as a power of the length, beyond them not at all.</summary>
    public static Recompute FromSteps(string name, ModelShape shape, IEnumerable<(int Tokens, TimeSpan Time)> steps)
    {
        (int Tokens, TimeSpan Time)[] all = [.. steps.OrderBy(step => step.Tokens)];
        return new(name, shape, all[0].Tokens, all[^1].Tokens, tokens => Between(all, tokens));
    }

    /// <exception cref="ArgumentOutOfRangeException">Nothing is known of a prompt this short or long.</exception>
    public TimeSpan Prefill(int tokens)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(tokens, Shortest);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(tokens, Longest);
        return prefill(tokens);
    }

    /// <summary>The bandwidth at which moving the KV of this prompt takes as long as computing it: faster links win by moving.</summary>
    public double BreakEvenBytesPerSecond(int tokens) => Shape.KvBytes(tokens).Bytes / Prefill(tokens).TotalSeconds;

    /// <summary>The shortest prompt of <paramref name="lengths"/> from which on moving over the link is faster than computing again; null when the longest is not.</summary>
    public int? MovingPaysFrom(Link link, IEnumerable<int> lengths)
    {
        int? from = null;
        foreach (var tokens in lengths.OrderDescending().TakeWhile(tokens => link.Transfer(Shape.KvBytes(tokens)) < Prefill(tokens)))
            from = tokens;
        return from;
    }

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
