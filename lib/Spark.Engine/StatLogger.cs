using System.Globalization;

namespace Spark.Engine;

/// <summary>vLLM's line every ten seconds in which anything happened: throughput, queues, cache usage and hit rate.</summary>
internal sealed class StatLogger : IDisposable
{
    static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);
    readonly Func<EngineStats> read;
    readonly EngineLog log;
    readonly ITimer timer;
    EngineStats last;

    public StatLogger(Func<EngineStats> read, EngineLog log, TimeProvider clock)
    {
        (this.read, this.log) = (read, log);
        last = read();
        timer = clock.CreateTimer(_ => Write(), null, Interval, Interval);
    }

    void Write()
    {
        var now = read();
        if (now.PromptTokens == last.PromptTokens && now.GenerationTokens == last.GenerationTokens)
            return;
        var hitRate = now.PrefixCacheQueries == 0 ? 0 : 100.0 * now.PrefixCacheHits / now.PrefixCacheQueries;
        log.Info("Stats", string.Create(CultureInfo.InvariantCulture,
            $"Avg prompt throughput: {(now.PromptTokens - last.PromptTokens) / Interval.TotalSeconds:F1} tokens/s, Avg generation throughput: {(now.GenerationTokens - last.GenerationTokens) / Interval.TotalSeconds:F1} tokens/s, Running: {now.Running} reqs, Waiting: {now.Waiting} reqs, GPU KV cache usage: {100 * now.KvCacheUsage:F1}%, Prefix cache hit rate: {hitRate:F1}%"));
        last = now;
    }

    public void Dispose() => timer.Dispose();
}
