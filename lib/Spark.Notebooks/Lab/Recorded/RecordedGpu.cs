namespace Spark.Notebooks;

/// <summary>Recorded step times of one model shape on one GPU, with its two ceilings.</summary>
public sealed record RecordedGpu
{
    public required string Machine { get; init; }
    public required ModelShape Shape { get; init; }

    /// <summary>Matrix products and device reads at their best.</summary>
    public required Roofline Roofline { get; init; }
    public required IReadOnlyList<RecordedStep> Prefill { get; init; }
    public required IReadOnlyList<RecordedStep> Decode { get; init; }
    public required Provenance Provenance { get; init; }

    /// <summary>All steps as points under the roofline; decode steps at the context that most were measured at.</summary>
    public IEnumerable<RooflinePoint> RooflinePoints =>
    [
        .. Prefill.Select(step => new RooflinePoint(step.Tokens, true, Shape.Prefill(step.Tokens), TimeSpan.FromMilliseconds(step.MedianMs))),
        .. DecodeAtOneContext.Select(step => new RooflinePoint(step.Batch, false, Shape.DecodeStep(step.Batch, step.Context), TimeSpan.FromMilliseconds(step.MedianMs))),
    ];

    internal IEnumerable<RecordedStep> DecodeAtOneContext => Decode.GroupBy(step => step.Context).MaxBy(group => group.Count())!.OrderBy(step => step.Batch);
}
