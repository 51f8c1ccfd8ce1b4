namespace Spark.Notebooks;

public static partial class Check
{
    /// <summary>At which concurrency is the knee of these runs, by <see cref="Notebooks.Knee.Rule"/>?</summary>
    public static Verdict Knee(IReadOnlyList<RepeatedRun> runs, double? answer) => KneeExercise(runs).Check(answer);

    internal static Exercise KneeExercise(IReadOnlyList<RepeatedRun> runs)
    {
        var knee = Notebooks.Knee.Of(runs);
        var most = runs.MaxBy(repeated => repeated.OutputTokensPerSecond.Median)!.Runs[0].Concurrency;
        var power = runs.Max(repeated => repeated.OutputTokensPerSecond.Median / repeated.Of(run => run.E2el.Median, "ms").Median);
        var quickest = runs.MinBy(repeated => repeated.Of(run => run.E2el.Median, "ms").Median)!.Runs[0].Concurrency;
        return new()
        {
            Question = "At how many requests in flight is the knee?",
            Right = knee.Load,
            Unit = "in flight",
            Because = $"There {Notebooks.Knee.Rule}: before it, more load buys throughput; after it, mostly latency.",
            Hint = "at every concurrency, what did the last requests in flight buy, and what did they cost?",
            Formula = $"divide throughput by latency at every concurrency: the knee is where {Notebooks.Knee.Rule}.",
            CommonMistakes =
            [
                new(most, "That is where throughput is highest; look at what the last tokens a second cost in latency."),
                new(quickest, "That is where latency is lowest; throughput still rises steeply there."),
                new(power, "That is how high throughput ÷ latency gets; the knee is the number in flight where it does."),
            ],
        };
    }
}
