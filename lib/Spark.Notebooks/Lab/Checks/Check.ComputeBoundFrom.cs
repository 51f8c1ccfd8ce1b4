namespace Spark.Notebooks;

public static partial class Check
{
    /// <summary>From which prompt length is a prefill compute-bound?</summary>
    /// <exception cref="ArgumentException">No prompt is, under these ceilings.</exception>
    public static Verdict ComputeBoundFrom(Roofline roofline, ModelShape shape, double? answer) => ComputeBoundFrom(roofline, shape).Check(answer);

    internal static Exercise ComputeBoundFrom(Roofline roofline, ModelShape shape)
    {
        var tokens = roofline.ComputeBoundFrom(shape)
            ?? throw new ArgumentException($"No prefill of {shape.Name} is compute-bound: the ridge is at {Figures.Show(roofline.Ridge, "FLOP/B")}.", nameof(roofline));
        return new()
        {
            Question = $"From how many prompt tokens on is a prefill of {shape.Name} compute-bound, with the ridge at {Figures.Show(roofline.Ridge, "FLOP/B")}?",
            Right = tokens,
            Unit = "tokens",
            Tolerance = Math.Max(0.2, 1.0 / tokens),
            Because = $"A prefill of n tokens does about 2n FLOP for every weight and reads its {shape.WeightDtypeBytes} bytes once: "
                + $"{Figures.Show(shape.Prefill(tokens).Intensity, "FLOP/B")} at {tokens} tokens, where the ridge is at {Figures.Show(roofline.Ridge)}.",
            Hint = "where does a prefill's intensity, FLOP ÷ bytes, reach the ridge?",
            Formula = $"a token costs 2 FLOP a weight, and a weight is {shape.WeightDtypeBytes} bytes, read once for the whole prompt: 2 × tokens ÷ {shape.WeightDtypeBytes} against the ridge.",
            CommonMistakes =
            [
                new(tokens * 2, "A multiply-add is two FLOP, so a token brings 2 FLOP a weight, not 1."),
                new(tokens / 2.0, $"A weight is {shape.WeightDtypeBytes} bytes, not 1: 2n FLOP over {shape.WeightDtypeBytes} bytes."),
                new(1, "A one-token prefill reads every weight for 2 FLOP each, as a decode step does: it is bound by reading."),
            ],
        };
    }
}
