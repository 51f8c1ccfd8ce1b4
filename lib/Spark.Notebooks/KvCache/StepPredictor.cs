namespace Spark.Notebooks;

/// <summary>
/// Predicts what an engine's step takes: a machine's two ceilings, of each of which the engine reaches a share. With shares of 1 it is the roofline's bound;
/// <see cref="Calibrate"/> finds them from three measured steps, and everything else is prediction.
/// </summary>
public sealed record StepPredictor(ModelShape Shape, Roofline Ceilings)
{
    /// <summary>Shares of the ceilings, 0 to 1: of the multiply-adds, of reading weights, and of reading KV.</summary>
    public double ComputeShare { get; init; } = 1;
    public double WeightShare { get; init; } = 1;
    public double KvShare { get; init; } = 1;

    /// <summary>Whether some threads read while others compute, as on a GPU: the slower of the two counts. A single core does one after the other: the sum counts.</summary>
    public bool Overlaps { get; init; } = true;

    public TimeSpan Prefill(int tokens, int cached = 0) => Step(new PredictedStep(Shape).WithPrefill(tokens, cached));

    public TimeSpan DecodeStep(int batch, int context) => Step(new PredictedStep(Shape).WithDecode(batch, context));

    /// <summary>A decode step that computes a chunk of a prompt besides.</summary>
    public TimeSpan MixedStep(int batch, int context, int chunk) => chunk == 0 ? DecodeStep(batch, context) : Step(new PredictedStep(Shape).WithDecode(batch, context).WithPrefill(chunk));

    /// <summary>
    /// The mean step of an engine that decodes so many sequences while prompts come at a rate and are computed in a step each: of all steps the share
    /// rate · step is a mixed one, which solves to decode / (1 − rate · (mixed − decode)).
    /// </summary>
    /// <exception cref="InvalidOperationException">Prompts come faster than steps can take them in.</exception>
    public TimeSpan StepUnderLoad(int batch, int context, int promptTokens, double promptsPerSecond)
    {
        var decode = DecodeStep(batch, context);
        var share = promptsPerSecond * (MixedStep(batch, context, promptTokens) - decode).TotalSeconds;
        return share < 1 ? decode / (1 - share) : throw new InvalidOperationException($"{promptsPerSecond:0.##} prompts of {promptTokens} tokens a second are more than {Shape.Name} can take in here.");
    }

    /// <summary>The same with the shares that three measured steps show: a long prefill, a decode step at a short context, and one at a long context.</summary>
    public StepPredictor Calibrate((int Tokens, TimeSpan Time) prefill, (int Context, TimeSpan Time) decode, (int Context, TimeSpan Time) longDecode)
    {
        const int rounds = 32;   // each measurement is mostly of one share: this converges at once
        var (compute, weights, kv) = (1.0, 1.0, 1.0);
        var steps = (Prefill: new PredictedStep(Shape).WithPrefill(prefill.Tokens), Short: new PredictedStep(Shape).WithDecode(1, decode.Context), Long: new PredictedStep(Shape).WithDecode(1, longDecode.Context));
        for (var i = 0; i < rounds; i++)
        {
            var predictor = this with { ComputeShare = compute, WeightShare = weights, KvShare = kv };
            compute = Share(ComputeSeconds(steps.Prefill), prefill.Time.TotalSeconds - (Overlaps ? 0 : predictor.WeightTime(steps.Prefill) + predictor.KvTime(steps.Prefill)));
            weights = Share(steps.Short.WeightBytes / Ceilings.BytesPerSecond, decode.Time.TotalSeconds - predictor.KvTime(steps.Short) - (Overlaps ? 0 : predictor.ComputeTime(steps.Short)));
            kv = Share(steps.Long.KvBytes / Ceilings.BytesPerSecond, longDecode.Time.TotalSeconds - predictor.WeightTime(steps.Long) - (Overlaps ? 0 : predictor.ComputeTime(steps.Long)));
        }
        return this with { ComputeShare = compute, WeightShare = weights, KvShare = kv };

        // Noise can leave nothing for a part that takes next to no time.
        static double Share(double atCeiling, double measured) => measured > 0 ? atCeiling / measured : 1;
    }

    TimeSpan Step(PredictedStep step)
    {
        var (compute, read) = (ComputeTime(step), WeightTime(step) + KvTime(step));
        return TimeSpan.FromSeconds(Overlaps ? Math.Max(compute, read) : compute + read);
    }

    double ComputeSeconds(PredictedStep step) => step.Flop / Ceilings.FlopPerSecond;
    double ComputeTime(PredictedStep step) => ComputeSeconds(step) / ComputeShare;
    double WeightTime(PredictedStep step) => step.WeightBytes / Ceilings.BytesPerSecond / WeightShare;
    double KvTime(PredictedStep step) => step.KvBytes / Ceilings.BytesPerSecond / KvShare;
}
