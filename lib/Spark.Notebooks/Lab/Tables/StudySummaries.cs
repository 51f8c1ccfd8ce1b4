using static Spark.Notebooks.Table;

namespace Spark.Notebooks;

/// <summary>What an <see cref="ArchitectureStudy"/> measured, as tables.</summary>
public static class StudySummaries
{
    /// <summary>What every mix is, what its users are promised, and the rates that follow from one node.</summary>
    public static Table Promises(this ArchitectureStudy study) => new(
        "Workloads and what their users are promised",
        new(
            Words("workload", study.Baselines.Select(baseline => baseline.Mix.Name)),
            Numbers("prompt (tokens)", study.Baselines.Select(baseline => (double)baseline.Mix.PromptTokens)),
            Numbers("output (tokens)", study.Baselines.Select(baseline => (double)baseline.Mix.OutputTokens)),
            Numbers("TTFT alone (ms)", study.Baselines.Select(baseline => Metric.MedianTtft.Over(baseline.Alone).Median)),
            Numbers("ITL alone (ms)", study.Baselines.Select(baseline => Metric.MedianItl.Over(baseline.Alone).Median)),
            Words("SLO, a request", study.Baselines.Select(baseline => $"{baseline.Slo}")),
            Numbers("one node serves (requests/s)", study.Baselines.Select(baseline => baseline.MostPerSecond))),
        study.Provenance);

    /// <summary>One mix over the rate, a row an architecture and rate: medians over the repeats.</summary>
    public static Table LoadLatency(this ArchitectureStudy study, string mix)
    {
        StudyCell[] cells = [.. study.Plan.Rates.SelectMany(rate => study.Under(mix, rate))];
        return new(
            $"Load and latency: {WorkloadMix.Named(mix)}, SLO {cells[0].Slo}",
            new(
                Numbers("offered (requests/s)", cells.Select(cell => cell.RequestsPerSecond)),
                Words("architecture", cells.Select(cell => cell.Architecture)),
                Numbers("goodput (requests/s)", cells.Select(cell => cell.Goodput.Median)),
                Numbers("good (%)", cells.Select(cell => 100 * cell.GoodShare.Median)),
                Of("TTFT p50 (ms)", Metric.MedianTtft.Of),
                Of("TTFT p90 (ms)", Metric.P90Ttft.Of),
                Of("ITL p50 (ms)", Metric.MedianItl.Of),
                Of("ITL p99 (ms)", Metric.P99Itl.Of),
                Of("E2EL p50 (ms)", Metric.MedianE2el.Of)),
            study.Provenance);

        Microsoft.Data.Analysis.DoubleDataFrameColumn Of(string name, Func<LoadRun, double> figure) => Numbers(name, cells.Select(cell => cell.Runs), figure);
    }

    /// <summary>How busy each node was: a prefill node beside an idle decode node, or the reverse, is hardware that nobody uses.</summary>
    public static Table NodeUse(this ArchitectureStudy study)
    {
        StudyCell[] cells = [.. study.Cells.Where(cell => cell.Runs.Target.Engines.Count > 1)];
        return new(
            "How busy the nodes were",
            new(
                Words("workload", cells.Select(cell => cell.Mix.Name)),
                Numbers("offered (requests/s)", cells.Select(cell => cell.RequestsPerSecond)),
                Words("architecture", cells.Select(cell => cell.Architecture)),
                Numbers("first node (%)", cells.Select(cell => Busy(cell, 0))),
                Numbers("second node (%)", cells.Select(cell => Busy(cell, 1))),
                Numbers("client, gateway and all else (% of all cores)", cells.Select(cell => cell.Runs.Of(run => 100 * (run.Cpu?.OverheadShare ?? double.NaN), "%").Median))),
            study.Provenance);
    }

    internal const string BusyUnknown = "How busy machines are that are reached over SSH is not read: nvidia-smi dmon on them shows it.";

    /// <summary>Share of the time that an engine kept its cores busy, in %: median over the repeats.</summary>
    internal static double Busy(StudyCell cell, int engine) => cell.Runs.Of(run => 100 * (run.Cpu?.Busy(run.Target.Engines[engine]) ?? double.NaN), "%").Median;
}
