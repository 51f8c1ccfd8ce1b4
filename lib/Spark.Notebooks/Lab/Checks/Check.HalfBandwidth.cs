namespace Spark.Notebooks;

public static partial class Check
{
    /// <summary>From how many KiB on does a message reach half of a link's bandwidth (Hockney's n½)?</summary>
    public static Verdict HalfBandwidth(Link link, double? answer) => HalfBandwidth(link).Check(answer);

    internal static Exercise HalfBandwidth(Link link)
    {
        var (latency, rate) = (link.Latency, link.PeakBytesPerSecond);
        var bytes = latency.TotalSeconds * rate;
        return new()
        {
            Question = $"A message waits {Figures.Show(latency.TotalMicroseconds, "µs")} once, then moves at {Figures.Si(rate, "B/s")}. How long, in KiB, must it be to reach half of that bandwidth?",
            Right = bytes / 1024,
            Unit = "KiB",
            Tolerance = 0.01,
            Because = $"Half of the bandwidth is reached where moving takes as long as waiting: {Figures.Show(latency.TotalMicroseconds, "µs")} × {Figures.Si(rate, "B/s")} = {bytes:N0} B. "
                + "Shorter messages are mostly latency: join them, as a connector does that sends many KV blocks at once.",
            Hint = "at half of the bandwidth, what share of the time is waiting?",
            Formula = "latency × (bytes a second), ÷ 1,024.",
            CommonMistakes =
            [
                new(bytes, "That is in bytes; the answer is wanted in KiB."),
                new(bytes / 1000, "That is in kB of 1,000 bytes; a KiB has 1,024."),
                new(bytes / 2048, "That many bytes move in half of the latency: then waiting takes two thirds of the time, not half."),
                new(bytes / 512, "That many bytes move in twice the latency: then two thirds of the bandwidth are reached."),
                new(bytes / 128, "Bandwidth is in bytes a second here, not in bits."),
            ],
        };
    }
}
