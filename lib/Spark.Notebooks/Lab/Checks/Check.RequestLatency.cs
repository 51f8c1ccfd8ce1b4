namespace Spark.Notebooks;

public static partial class Check
{
    /// <summary>How long, in ms, did a request of this batch take, when all were sent at once and finished together?</summary>
    public static Verdict RequestLatency(RecordedBatch batch, double? answer) => RequestLatency(batch).Check(answer);

    internal static Exercise RequestLatency(RecordedBatch batch) => new()
    {
        Question = $"{batch.Requests} requests were sent at once and all were done after {Figures.Show(batch.WallTime.TotalSeconds, "s")}. How long did one of them take?",
        Right = batch.WallTime.TotalMilliseconds,
        Unit = "ms",
        Because = $"All decode in the same steps and finish together: each waits the whole {Figures.Show(batch.WallTime.TotalSeconds, "s")}. "
            + $"Wall time ÷ {batch.Requests} is the inverse of the throughput in requests, and no request ever saw it.",
        Hint = "look at one request: when was it sent, when did its last token come?",
        Formula = "the time of the last token − the time of sending, and both are the same for all of them.",
        CommonMistakes =
        [
            new(batch.WallTime.TotalMilliseconds / batch.Requests,
                $"That is wall time ÷ {batch.Requests}: the time between two finished requests on average, which is 1 ÷ throughput. A request's latency is not divided by its neighbours."),
            new(batch.WallTime.TotalMilliseconds * batch.Requests, "They ran together, not one after another."),
            new(batch.WallTime.TotalSeconds, "That number is right in seconds; the answer is wanted in ms."),
        ],
    };
}
