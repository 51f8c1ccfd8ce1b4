namespace Spark.Notebooks;

public static partial class Check
{
    /// <summary>How many FLOP can a core do in the time in which it reads one byte?</summary>
    /// <param name="buffer">Read at the pace of a buffer of this size.</param>
    public static Verdict Ridge(NodeCeilings ceilings, ByteSize buffer, double? answer) =>
        RidgeExercise(new(ceilings.FlopPerSecond, ceilings.ReadBytesPerSecondAt(buffer.Bytes))).Check(answer);

    internal static Exercise RidgeExercise(Roofline roofline) => new()
    {
        Question = $"How many FLOP can this core do in the time in which it reads one byte, at {Figures.Si(roofline.FlopPerSecond, "FLOP/s")} and {Figures.Si(roofline.BytesPerSecond, "B/s")}?",
        Right = roofline.Ridge,
        Unit = "FLOP",
        Tolerance = 0.03,
        Because = "FLOP a second ÷ bytes a second. Work that does more than that with each byte waits for the multiply-adds, other work waits for memory: module 01 builds on this number.",
        Hint = "how many FLOP a second, how many bytes a second?",
        Formula = "both ceilings are per second: divide one by the other.",
        CommonMistakes =
        [
            new(1 / roofline.Ridge, "That is the inverse: the bytes that are read in the time of one FLOP."),
            new(4 * roofline.Ridge, "That is for a float of 4 bytes; the question is about one byte."),
            new(roofline.Ridge / 2, "A multiply-add counts as two FLOP, in the ceiling too."),
            new(roofline.Ridge / 8, "Bandwidth is in bytes a second here, not in bits."),
        ],
    };
}
