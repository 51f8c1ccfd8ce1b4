using static Spark.Notebooks.Table;

namespace Spark.Notebooks;

/// <summary>The same long prompts through disaggregated pairs that differ in how KV blocks travel, one request at a time and in turns.</summary>
/// <param name="Runs">An entry a transport.</param>
public sealed record TransportStudy(IReadOnlyList<RepeatedRun> Runs)
{
    internal Provenance Provenance => Provenance.Of(Runs, "transports in turns, one request at a time; transfer time by the decode engine's own clock, from posting a read until it was done");

    /// <summary>Knobs give lengths, requests, repeats and seed.</summary>
    public static async Task<TransportStudy> RunAsync(IReadOnlyList<Deployment> pairs, Knobs knobs, CancellationToken cancellation = default)
    {
        var workload = await Workload.FromTextAsync(pairs[0], knobs, cancellation);
        return new(await Turns.TakeAsync("transports", pairs, knobs.Repeats, pair => LoadRun.ClosedLoopAsync(pair, workload, 1, cancellation)));
    }

    public Table Summary() => new(
        "KV transfer by transport",
        new(
            Words("transport", Runs.Select(runs => runs.Target.Transport ?? "none")),
            Numbers("bytes a request (MiB)", Runs, run => Transferred(run).Bytes / (double)Transferred(run).Count / (1 << 20)),
            Numbers("transfer (ms)", Runs, Milliseconds),
            Numbers("lowest repeat", Runs, Milliseconds, repeats => repeats.Min),
            Numbers("highest", Runs, Milliseconds, repeats => repeats.Max),
            Numbers("bandwidth (GB/s)", Runs, run => BytesPerSecond(run) / 1e9),
            Numbers("TTFT p50 (ms)", Runs, run => run.Ttft.Median),
            Numbers("transfer in TTFT (%)", Runs, run => 100 * Milliseconds(run) / run.Ttft.Mean)),
        Provenance);

    /// <summary>Mean time of a transfer in ms.</summary>
    internal static double Milliseconds(LoadRun run) => Transferred(run).Time.TotalMilliseconds / Transferred(run).Count;

    /// <summary>Bytes a second that the transfers of a run reached, as its engines measured them.</summary>
    public static double BytesPerSecond(LoadRun run) => Transferred(run).Bytes / Transferred(run).Time.TotalSeconds;

    static (long Count, long Bytes, TimeSpan Time) Transferred(LoadRun run) =>
        (run.Metrics.Sum(engine => engine.TransferTime.Count), run.Metrics.Sum(engine => engine.BytesTransferred), run.Metrics.Aggregate(TimeSpan.Zero, (sum, engine) => sum + engine.TransferTime.Sum));
}
