namespace Spark.Notebooks;

public static partial class Check
{
    /// <summary>How many microseconds does a message take, by latency and bandwidth?</summary>
    public static Verdict TransferTime(Link link, ByteSize size, double? answer) => TransferTime(link, size).Check(answer);

    internal static Exercise TransferTime(Link link, ByteSize size)
    {
        var (latency, rate) = (link.Latency.TotalMicroseconds, link.PeakBytesPerSecond);
        var moving = 1e6 * size.Bytes / rate;
        return new()
        {
            Question = $"How long do {size} take at a latency of {Figures.Show(latency, "µs")} and {Figures.Si(rate, "B/s")}?",
            Right = latency + moving,
            Unit = "µs",
            Tolerance = 0.03,
            Because = $"{Figures.Show(latency, "µs")} until the first byte, and {size.Bytes:N0} B ÷ {Figures.Si(rate, "B/s")} = {Figures.Show(moving, "µs")} for all of them.",
            Hint = "what does a message pay once, and what for every byte?",
            Formula = "latency + bytes ÷ (bytes a second).",
            CommonMistakes =
            [
                new(moving, "The latency is missing: a message pays it once, however short it is."),
                new(latency + (8 * moving), "Bandwidth is in bytes a second here, not in bits."),
                new(latency + (moving / 1.048576), "A MiB is 1,048,576 bytes, and a GB/s is 1,000,000,000 bytes a second: keep GiB and GB apart."),
                new(1e-3 * (latency + moving), "That number is right in ms; the answer is wanted in µs."),
            ],
        };
    }
}
