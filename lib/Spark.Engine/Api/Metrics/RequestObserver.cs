namespace Spark.Engine;

/// <summary>Watches one continuation from its arrival on and enters what vLLM's metrics want to know of it.</summary>
internal sealed class RequestObserver(VllmMetrics metrics, TimeProvider clock, EngineRequest request, SampleGroup group)
{
    readonly long arrived = clock.GetTimestamp();
    RequestTimes times;
    int outputTokens;
    int cachedTokens;

    public void Saw(EngineOutput output)
    {
        if (output.Token is null)
            return;
        if (++outputTokens == 1)
        {
            metrics.TimeToFirstToken.Observe(Seconds(arrived, clock.GetTimestamp()));
            cachedTokens = output.CachedTokens;
        }
        else
            metrics.InterTokenLatency.Observe(Seconds(times.LastToken, output.Times.LastToken));
        times = output.Times;
    }

    public void Finished(FinishReason reason)
    {
        metrics.Finished(reason);
        metrics.EndToEndLatency.Observe(Seconds(arrived, clock.GetTimestamp()));
        metrics.RequestPromptTokens.Observe(request.PromptTokenIds.Length);
        metrics.RequestGenerationTokens.Observe(outputTokens);
        metrics.RequestMaxTokens.Observe(request.Sampling.MaxTokens);
        metrics.PrefillComputedTokens.Observe(request.PromptTokenIds.Length - cachedTokens);
        metrics.QueueTime.Observe(Seconds(times.Queued, times.Scheduled));
        metrics.PrefillTime.Observe(Seconds(times.Scheduled, times.FirstToken));
        metrics.DecodeTime.Observe(Seconds(times.FirstToken, times.LastToken));
        metrics.InferenceTime.Observe(Seconds(times.Scheduled, times.LastToken));
        metrics.RequestTimePerOutputToken.Observe(outputTokens > 1 ? Seconds(times.FirstToken, times.LastToken) / (outputTokens - 1) : 0);
        if (!group.IsCompletedBy(outputTokens, out var most))
            return;
        metrics.RequestN.Observe(group.Size);
        metrics.RequestMaxGenerationTokens.Observe(most);
    }

    double Seconds(long from, long to) => (to - from) / (double)clock.TimestampFrequency;
}
