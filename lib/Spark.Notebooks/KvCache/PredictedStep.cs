namespace Spark.Notebooks;

/// <summary>The work of one step, whatever it is made of: the weights are read once for all of it.</summary>
internal sealed record PredictedStep(ModelShape Shape)
{
    public double Flop { get; init; }
    public double KvBytes { get; init; }
    public double WeightBytes => Shape.WeightBytesPerStep.Bytes;

    public PredictedStep WithPrefill(int tokens, int cached = 0) => With(Shape.Prefill(tokens, cached));

    public PredictedStep WithDecode(int batch, int context) => With(Shape.DecodeStep(batch, context));

    PredictedStep With(Work work) => this with { Flop = Flop + work.Flop, KvBytes = KvBytes + work.Bytes - WeightBytes };
}
