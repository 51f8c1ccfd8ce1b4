namespace Spark.Notebooks;

public static partial class Check
{
    /// <summary>How many prompts a second can one prefill node compute at most?</summary>
    public static Verdict PrefillCapacity(Roofline roofline, ModelShape shape, int promptTokens, double? answer) => PrefillCapacity(roofline, shape, promptTokens).Check(answer);

    internal static Exercise PrefillCapacity(Roofline roofline, ModelShape shape, int promptTokens)
    {
        var seconds = roofline.Predict(shape.Prefill(promptTokens)).TotalSeconds;
        return new()
        {
            Question = $"Every prompt has {promptTokens:N0} tokens. How many requests a second can a pair with one prefill node serve at most, by that node's two ceilings?",
            Right = 1 / seconds,
            Unit = "requests/s",
            Tolerance = 0.03,
            Because = $"The ceilings allow a prefill no less than {Figures.Show(1e3 * seconds, "ms")}, and the node computes one after another: 1 ÷ {Figures.Show(seconds, "s")}. At any higher rate its queue grows without end, however little the decode node has to do.",
            Hint = "the prefill node computes every prompt: how long does it need for one?",
            Formula = $"1 ÷ seconds of a prefill: roof.Predict(shape.Prefill({promptTokens})).",
            CommonMistakes =
            [
                new(promptTokens / seconds, "That is in prompt tokens a second; the answer is wanted in requests."),
                new(2 / seconds, "That would take two prefill nodes: the other node of a pair decodes."),
                new(seconds, "That is the time of one prefill in seconds, upside down."),
                new(1e-3 / seconds, "That is for milliseconds as if they were seconds."),
                new(1 / roofline.Predict(shape.DecodeStep(1, promptTokens)).TotalSeconds, "That is how many decode steps a second there can be; a prefill is the whole prompt."),
            ],
        };
    }
}
