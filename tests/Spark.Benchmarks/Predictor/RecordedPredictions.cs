using Spark.Notebooks;

namespace Spark.Benchmarks;

/// <summary>Predictions of machines that others' runs are recorded of, with those machines' ceilings as input.</summary>
static class RecordedPredictions
{
    // The steps that show the shares of the ceilings; by the others the predictions are judged.
    const int LongPrefill = 2048, ShortContext = 64, LongContext = 8192;

    /// <summary>The H100's ceilings, and how much of them its recorded steps reach.</summary>
    public static StepPredictor CalibratedH100(RecordedGpu gpu)
    {
        return new StepPredictor(gpu.Shape, gpu.Roofline).Calibrate(
            (LongPrefill, Time(gpu.Prefill.Single(step => step.Tokens == LongPrefill))),
            (ShortContext, Time(gpu.Decode.Single(step => step is { Batch: 1, Context: ShortContext }))),
            (LongContext, Time(gpu.Decode.Single(step => step is { Batch: 1, Context: LongContext }))));

        static TimeSpan Time(RecordedStep step) => TimeSpan.FromMilliseconds(step.MedianMs);
    }

    public static PredictionTable H100()
    {
        var gpu = Recorded.H100();
        var ceilings = new StepPredictor(gpu.Shape, gpu.Roofline);
        var calibrated = CalibratedH100(gpu);
        return new(
            $"{gpu.Machine}, {gpu.Shape.Name}, recorded steps in ms",
            [
                .. gpu.Prefill.Select(step => Predict($"prefill {step.Tokens} tokens", step, predictor => predictor.Prefill(step.Tokens), step.Tokens == LongPrefill)),
                .. gpu.Decode.Select(step => Predict($"decode {step.Batch} x, context {step.Context}", step, predictor => predictor.DecodeStep(step.Batch, step.Context), step is { Batch: 1, Context: ShortContext or LongContext })),
                .. Recorded.H100Interference().Steps.Select(step => Predict($"decode {step.Batch} x with a chunk of {step.Tokens}", step, predictor => predictor.MixedStep(step.Batch, step.Context, step.Tokens), false)),
            ]);

        Prediction Predict(string what, RecordedStep step, Func<StepPredictor, TimeSpan> predict, bool used) =>
            new(what, step.MedianMs, predict(ceilings).TotalMilliseconds, predict(calibrated).TotalMilliseconds, used);
    }

    /// <summary>
    /// The mean ITL of each load of constant rate: decode steps, some of which take a prompt in. A sweep shows no steps of its own, so that all shares are taken
    /// to be what the lightest load reaches.
    /// </summary>
    public static PredictionTable Spark()
    {
        var sweep = Recorded.SparkSweep();
        var ceilings = new StepPredictor(ModelShape.Named("Llama-3.1-8B"), Recorded.PublishedSpark().Roofline);
        RecordedLoad[] loads = [.. sweep.Points.Where(load => load.Strategy == "constant").OrderBy(load => load.InFlight)];
        var share = Predict(ceilings, loads[0]) / loads[0].ItlMedianMs;
        var calibrated = ceilings with { ComputeShare = share, WeightShare = share, KvShare = share };
        return new(
            FormattableString.Invariant($"{sweep.Machine}, {ceilings.Shape.Name}, recorded ITL in ms by load, from published ceilings; the lightest load reaches {share:P0} of them"),
            [.. loads.Select(load => new Prediction($"{Batch(load)} in flight, {Rate(load):0.00} prompts/s", load.ItlMedianMs, Predict(ceilings, load), Predict(calibrated, load), load == loads[0]))]);

        static double Predict(StepPredictor predictor, RecordedLoad load) =>
            predictor.StepUnderLoad(Batch(load), load.PromptTokens + load.OutputTokens / 2, load.PromptTokens, Rate(load)).TotalMilliseconds;

        static int Batch(RecordedLoad load) => (int)Math.Round(load.InFlight);

        static double Rate(RecordedLoad load) => load.OutputTokensPerSecond / load.OutputTokens;
    }
}
