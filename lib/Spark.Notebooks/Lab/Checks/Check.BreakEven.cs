namespace Spark.Notebooks;

public static partial class Check
{
    /// <summary>At what bandwidth, in GB/s, does moving a prompt's KV take as long as computing it?</summary>
    public static Verdict BreakEven(Recompute compute, int tokens, double? answer) => BreakEven(compute, tokens).Check(answer);

    internal static Exercise BreakEven(Recompute compute, int tokens)
    {
        var (bytes, prefill) = (compute.Shape.KvBytes(tokens), compute.Prefill(tokens));
        var right = compute.BreakEvenBytesPerSecond(tokens) / 1e9;
        return new()
        {
            Question = $"The prefill of {tokens:N0} tokens of {compute.Shape.Name} takes {Figures.Show(prefill.TotalMilliseconds, "ms")} ({compute.Name}), and a token leaves {compute.Shape.KvBytesPerToken.Bytes:N0} B. At what bandwidth does moving its KV take just as long?",
            Right = right,
            Unit = "GB/s",
            Tolerance = 0.02,
            Because = $"{tokens:N0} × {compute.Shape.KvBytesPerToken.Bytes:N0} B = {bytes.Bytes:N0} B, ÷ {Figures.Show(prefill.TotalMilliseconds, "ms")}. On a faster link moving wins, on a slower one computing again.",
            Hint = "all the bytes of the prompt's KV, in the time of its prefill.",
            Formula = "tokens × bytes a token ÷ seconds of prefill, in billions of bytes a second.",
            CommonMistakes =
            [
                new(right * 1e9 / (1L << 30), "That is in GiB/s: bandwidth is quoted in GB/s, and the two are 7 % apart."),
                new(right * 8, "That is in Gbit/s; the answer is wanted in GB/s."),
                new(right / 1e3, "A ms is a thousandth of a second: that is in TB/s."),
                new(right / tokens, "That is for one token's bytes in the whole prompt's time: multiply by the tokens."),
                new(right / compute.Shape.Layers, "All layers' keys and values are moved, not one layer's."),
            ],
        };
    }
}
