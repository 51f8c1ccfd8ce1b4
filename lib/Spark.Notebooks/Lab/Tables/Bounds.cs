using static Spark.Notebooks.Table;

namespace Spark.Notebooks;

/// <summary>Which of two ceilings holds a step back: the one whose own time is longer, and how much of that ceiling the step reached.</summary>
public static class Bounds
{
    /// <summary>A row for each point of a TTFT and an ITL sweep.</summary>
    public static Table Of(Roofline roofline, ModelShape shape, Sweep ttft, Sweep itl)
    {
        (string Step, Work Work, double Measured)[] rows =
        [
            .. ttft.Points.Select(point => ($"prefill of {point.Tokens:N0} tokens", ttft.Step(shape, point.Tokens), point.Latency.Median)),
            .. itl.Points.Select(point => ($"decode step, {point.Tokens:N0} tokens of context", itl.Step(shape, point.Tokens), point.Latency.Median)),
        ];
        return new(
            "What holds a step back",
            new(
                Words("step", rows.Select(row => row.Step)),
                Numbers("FLOP/byte", rows.Select(row => row.Work.Intensity)),
                Numbers("compute (ms)", rows.Select(row => roofline.ComputeTime(row.Work).TotalMilliseconds)),
                Numbers("read (ms)", rows.Select(row => roofline.ReadTime(row.Work).TotalMilliseconds)),
                Numbers("measured (ms)", rows.Select(row => row.Measured)),
                Words("bound by", rows.Select(row => roofline.IsComputeBound(row.Work) ? "computing" : "reading")),
                Numbers("reached (%)", rows.Select(row => 100 * roofline.Predict(row.Work).TotalMilliseconds / row.Measured))),
            Provenance.Measured($"medians of both sweeps, {Provenance.Describe(ttft.Target)}; compute and read: FLOP and bytes of {shape.Name} over the measured ceilings; reached: the longer of the two over the measured time"));
    }
}
