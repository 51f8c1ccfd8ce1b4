namespace Spark.Notebooks;

public static partial class Check
{
    /// <summary>For how many ms, at least, do decoding sequences wait for a prompt that is computed in one step with theirs?</summary>
    public static Verdict Stall(Roofline roofline, ModelShape shape, int promptTokens, double? answer) => Stall(roofline, shape, promptTokens).Check(answer);

    internal static Exercise Stall(Roofline roofline, ModelShape shape, int promptTokens)
    {
        var prefill = roofline.Predict(shape.Prefill(promptTokens)).TotalMilliseconds;
        var step = roofline.Predict(shape.DecodeStep(1, promptTokens)).TotalMilliseconds;
        return new()
        {
            Question = $"A prompt of {promptTokens:N0} tokens is computed in the same step as other requests' next tokens. How long, at least, do those wait for them?",
            Right = prefill,
            Unit = "ms",
            Tolerance = 0.05,
            Because = $"A step is over when all of its tokens are computed, and the ceilings allow no less than {Figures.Show(prefill, "ms")} for {promptTokens:N0} of them; a decode step alone takes {Figures.Show(step, "ms")}.",
            Hint = "everyone in a step waits for all of it.",
            Formula = $"the least time of the prefill: roof.Predict(shape.Prefill({promptTokens})).",
            CommonMistakes =
            [
                new(step, "That is a step without the prompt."),
                new(prefill / promptTokens, "That is one token's share of the prefill; the step ends when all of them are done."),
                new(1e-3 * prefill, "That number is right in seconds; the answer is wanted in ms."),
            ],
        };
    }
}
