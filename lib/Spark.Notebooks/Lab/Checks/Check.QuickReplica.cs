namespace Spark.Notebooks;

public static partial class Check
{
    /// <summary>How long, in s, did the quick half of a recorded batch take, when the other half ended last?</summary>
    public static Verdict QuickReplica(RecordedHalves batch, double? answer) => QuickReplica(batch).Check(answer);

    internal static Exercise QuickReplica(RecordedHalves batch)
    {
        var (mean, slow) = (batch.MeanLatency.TotalSeconds, batch.WallTime.TotalSeconds);
        return new()
        {
            Question = $"Round robin gave each of two nodes {batch.Requests / 2} of {batch.Requests} requests. The last was done after {Figures.Show(slow, "s")}, the mean latency was {Figures.Show(mean, "s")}. "
                + "If each node's requests ended together, how long did the quick node's take?",
            Right = (2 * mean) - slow,
            Unit = "s",
            Because = $"Half of them took {Figures.Show(slow, "s")}, so the other half took 2 × {Figures.Show(mean)} − {Figures.Show(slow)} s. One node worked as it should, the other stalled: the mean describes neither.",
            Hint = "the mean of two equal halves lies midway between them.",
            Formula = "2 × mean − the slow half's time.",
            CommonMistakes =
            [
                new(mean, "No request took the mean: it lies between two groups that are far apart."),
                new(slow / 2, "Two nodes do not halve the time of a node that stalls."),
                new(slow - mean, "That is how far the slow half is from the mean; the quick half is as far below it."),
                new(1000 * ((2 * mean) - slow), "That number is right in ms; the answer is wanted in s."),
            ],
        };
    }
}
