using System.Text.Encodings.Web;
using System.Text.Json;

namespace Spark.Notebooks;

/// <summary>The verdict as a file that later modules and other programs read: every figure with all its repeats.</summary>
internal static class VerdictFile
{
    static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static SavedResults Save(ArchitectureVerdict verdict, string path, TimeProvider clock)
    {
        AtomicFile.WriteAllText(path, JsonSerializer.Serialize(Content(verdict, clock), Format));
        return new(path, new(new FileInfo(path).Length), verdict.Rows.Count, verdict.Rows.Sum(row => row.Cells.Sum(cell => cell.Runs.Runs.Count)))
        {
            Contents = $"{verdict.Rows.Count} workloads, {verdict.Rows.Sum(row => row.Cells.Sum(cell => cell.Runs.Runs.Count))} runs",
        };
    }

    static object Content(ArchitectureVerdict verdict, TimeProvider clock) => new
    {
        lesson = Lesson.Current.Number,
        cluster = Lesson.Current.Cluster,
        savedAt = clock.GetLocalNow(),
        machine = Machine.Here,
        provenance = verdict.Study.Provenance.Text,
        sentence = verdict.Sentence,
        disturbance = verdict.Disturbance.Trim(),
        plan = verdict.Study.Plan,
        workloads = verdict.Rows.Select(Workload),
    };

    static object Workload(VerdictRow row) => new
    {
        mix = row.Mix.Name,
        promptTokens = row.Mix.PromptTokens,
        outputTokens = row.Mix.OutputTokens,
        rateMultiple = row.Multiple,
        requestsPerSecond = row.RequestsPerSecond,
        slo = new { ttftMs = row.Slo.Ttft?.TotalMilliseconds, itlMs = row.Slo.Itl?.TotalMilliseconds },
        winner = row.Winner,
        winnerByMedianTtft = row.Best(Metric.MedianTtft),
        winnerByP99Itl = row.Best(Metric.P99Itl),
        objections = row.Objections,
        architectures = row.Cells.Select(Architecture),
    };

    static object Architecture(StudyCell cell) => new
    {
        name = cell.Architecture,
        nodes = cell.Runs.Target.Nodes,
        contender = cell.Runs.Target.Name,
        goodputPerSecond = Spread(cell.Goodput),
        goodShare = Spread(cell.GoodShare),
        overheadShare = cell.Runs.Runs.All(run => run.Cpu is not null) ? Spread(cell.Runs.Of(run => run.Cpu!.OverheadShare, "")) : null,   // of all core time, to anything but the engines
        ttftMs = Percentiles(cell, run => run.Ttft),
        itlMs = Percentiles(cell, run => run.Itl),
    };

    static object Percentiles(StudyCell cell, Func<LoadRun, Distribution> latency) => new
    {
        p50 = Spread(cell.Runs.Of(run => latency(run).Median, "ms")),
        p90 = Spread(cell.Runs.Of(run => latency(run).P90, "ms")),
        p99 = Spread(cell.Runs.Of(run => latency(run).P99, "ms")),
    };

    static object Spread(Distribution values) => new { median = values.Median, lowest = values.Min, highest = values.Max, repeats = values.Values };
}
