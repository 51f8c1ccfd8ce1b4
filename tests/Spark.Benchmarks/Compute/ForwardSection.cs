using Spark.Engine;
using Spark.Notebooks;

namespace Spark.Benchmarks;

/// <summary>Tokens a second of the engine's heart, without HTTP: prefill against the multiply-add peak, decode against reading the weights once a step.</summary>
static class ForwardSection
{
    const int ShortContext = 16, LongContext = 1500, BatchContext = 128;

    public static IEnumerable<Row> Run(SectionOptions options)
    {
        EngineUnderTest.Pin(options.Core);
        var shape = ModelShape.FromConfig(options.Model);
        using (var engine = new EngineUnderTest(options.Model))
        {
            foreach (var (tokens, reach) in new (int, double?)[] { (128, null), (512, 0.72), (1536, 0.60) })
                yield return Row.Measure($"prefill, {tokens} tokens", "tok/s", options.Repeats,
                    () => new(tokens / engine.Run.Prefill(tokens), Ceilings.FlopsPerSecond() / shape.Prefill(tokens).Flop * tokens),
                    "the multiply-add peak", reach is { } least ? Reach.AtLeast(least) : null);
            yield return Decode(options, engine, "bf16", Reach.AtLeast(0.60));
            foreach (var batch in new[] { 2, 4, 8, 16 })
                yield return Batch(options, engine, shape, batch);
            yield return Row.Measure($"decode step at {LongContext:N0} tokens of context", "ms", options.Repeats,
                () => new(1e3 * engine.Run.DecodeStep(1, LongContext), 1e3 * engine.Run.DecodeStep(1, ShortContext)), $"the step at {ShortContext} tokens", Reach.AtMost(1.35));
        }

        using (var engine = new EngineUnderTest(options.Model, float32: true))
            yield return Decode(options, engine, "fp32", Reach.AtLeast(0.80));
    }

    static Row Decode(SectionOptions options, EngineUnderTest engine, string weights, Reach reach) => Row.Measure(
        $"decode, 1 sequence, {weights} weights", "tok/s", options.Repeats,
        () => new(1 / engine.Run.DecodeStep(1, ShortContext), Ceilings.BytesPerSecond(engine.Model.WeightBytes) / engine.Model.WeightBytes),
        $"reading a buffer of the weights' size", reach);

    // Many sequences share one reading of the weights, until their multiply-adds take longer than that.
    static Row Batch(SectionOptions options, EngineUnderTest engine, ModelShape shape, int batch) => Row.Measure(
        $"decode, {batch} sequences, bf16 weights", "tok/s", options.Repeats,
        () => new(batch / engine.Run.DecodeStep(batch, BatchContext), batch / new Roofline(Ceilings.FlopsPerSecond(), Ceilings.BytesPerSecond(engine.Model.WeightBytes)).Predict(shape.DecodeStep(batch, BatchContext)).TotalSeconds),
        "the slower of the two ceilings");
}
