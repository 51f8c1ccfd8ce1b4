using System.Text.Json;

namespace Spark.Benchmarks;

/// <summary>Pulls of a prompt's KV from another process, as the decode engine makes them, in turns with the barest way to get as many bytes from there.</summary>
static class TransferSection
{
    const int PullsPerSample = 4;

    public static async IAsyncEnumerable<Row> RunAsync(SectionOptions options)
    {
        EngineUnderTest.Pin(options.OtherCore);
        yield return await MeasureAsync(options, "shm", "one memcpy of as many bytes");
        yield return await MeasureAsync(options, "tcp", "a bare socket between the same processes");
    }

    static async Task<Row> MeasureAsync(SectionOptions options, string transport, string against)
    {
        await using var source = HelperProcess.Start("kv-source", transport, "--model", options.Model, "--core", $"{options.Core}");
        var there = JsonSerializer.Deserialize<KvSource.Directory>(await source.AnswerAsync())!;
        using var pulls = new Pulls(options, transport, there);
        using IBareCopy bare = transport == "shm" ? new MemoryCopy(options, there) : new SocketCopy(there);
        pulls.Warm(bare);
        return Row.Measure($"KV transfer {transport}, {KvSource.TokensPerRequest:N0} tokens", "GB/s", 3 * options.Repeats, () =>
        {
            // In turns, so that neither has the machine in a better moment than the other.
            var (pulling, copying) = (TimeSpan.Zero, TimeSpan.Zero);
            for (var i = 0; i < PullsPerSample; i++)
            {
                pulling += pulls.Next();
                copying += pulls.NextBare(bare);
            }
            var gigabytes = PullsPerSample * pulls.BytesPerPull / 1e9;
            return new(gigabytes / pulling.TotalSeconds, gigabytes / copying.TotalSeconds);
        }, against, Reach.AtLeast(0.8));
    }
}
