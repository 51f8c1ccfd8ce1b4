namespace Spark.Notebooks;

/// <summary>Shares of the two ceilings that lone requests reached, 0 to 1: computing in the longest prefill, reading in the decode steps of the longest answer.</summary>
internal sealed record Reached(double Compute, double Reading)
{
    public static Reached By(ArchitectureStudy study, Roofline roofline, ModelShape shape)
    {
        var prefill = study.Baselines.MaxBy(baseline => baseline.Mix.PromptTokens)!.Alone.Runs[0].Requests;
        var decode = study.Baselines.MaxBy(baseline => baseline.Mix.OutputTokens)!.Alone.Runs[0];
        var context = (int)decode.Requests.Average(request => request.PromptTokens + (request.OutputTokens / 2.0));
        return new(
            prefill.Sum(request => roofline.ComputeTime(shape.Prefill(request.PromptTokens)) / request.Ttft) / prefill.Count,
            roofline.ReadTime(shape.DecodeStep(1, context)).TotalMilliseconds / decode.Itl.Median);
    }

    public Roofline Of(Roofline roofline) => new(Compute * roofline.FlopPerSecond, Reading * roofline.BytesPerSecond);

    public override string ToString() => FormattableString.Invariant($"{Compute:0 %} (FLOP) and {Reading:0 %} (bytes)");
}
