namespace Spark.Notebooks;

public static partial class Check
{
    /// <summary>What is the least time in ms that two ceilings allow a decode step of a batch?</summary>
    public static Verdict DecodeStep(Roofline roofline, ModelShape shape, int batch, int context, double? answer) =>
        DecodeStep(roofline, shape, batch, context).Check(answer);

    internal static Exercise DecodeStep(Roofline roofline, ModelShape shape, int batch, int context)
    {
        var step = shape.DecodeStep(batch, context);
        var single = shape.DecodeStep(1, context);
        var (compute, read) = (roofline.ComputeTime(step).TotalMilliseconds, roofline.ReadTime(step).TotalMilliseconds);
        var slower = roofline.IsComputeBound(step) ? "computing" : "reading";
        return new()
        {
            Question = $"What is the least time of a decode step for {batch} sequences with {context} tokens each?",
            Right = roofline.Predict(step).TotalMilliseconds,
            Unit = "ms",
            Tolerance = 0.05,
            Because = $"Computing takes {Figures.Show(compute, "ms")}, reading {Figures.Show(read, "ms")}; the step takes the longer of the two, and here that is {slower}.",
            Hint = "a step computes and reads: which of the two takes longer?",
            Formula = "FLOP ÷ FLOP/s and bytes ÷ bytes/s, and the longer of them; weights are read once for the whole batch, KV once a sequence.",
            CommonMistakes =
            [
                new(read, "That is the time to read. At this batch computing takes longer: compare both ceilings."),
                new(compute, "That is the compute ceiling alone. A decode step does few FLOP a byte, and here reading takes longer: compare both ceilings."),
                new(compute + read, "Computing and reading overlap: the longer of the two counts, not their sum."),
                new(batch * roofline.Predict(single).TotalMilliseconds, "The whole batch reads the weights once a step: that is why batching pays."),
                new(roofline.Predict(single).TotalMilliseconds, "That is a step of one sequence: the batch's FLOP and KV reads are missing."),
                new(1e-3 * roofline.Predict(step).TotalMilliseconds, "That number is right in seconds; the answer is wanted in ms."),
            ],
        };
    }
}
