using static Spark.Notebooks.Table;

namespace Spark.Notebooks;

public static partial class Recorded
{
    const string Derived = "derived_checks.csv";

    /// <summary>The three architectures as an earlier course recorded them on two DGX Sparks; read it as a warning, not as a result.</summary>
    public static IReadOnlyList<RecordedArchitecture> SparkArchitectures() =>
    [
        Architecture("single", "single_node", "in-process, without HTTP: the others paid for a network and a proxy besides"),
        Architecture("replicated", "replicated", $"one stalled server: {Check("replicated batch: latency of the other 4")}; without the stall about {Check("replicated batch throughput").Split(':')[0]}"),
        Architecture("disaggregated", "disaggregated", $"never warmed up: {Check("disagg single-request overhead")}; {Check("KV moved per module-04 request")}"),
    ];

    /// <summary>The replicated batch of eight, four requests a node.</summary>
    public static RecordedHalves SparkReplicatedBatch() => new(
        8,
        TimeSpan.FromMilliseconds(Figure("replicated", "batch8", "avg_request_latency")),
        TimeSpan.FromSeconds(Figure("replicated", "batch8", "wall_time")));

    public static Table Summary(this IReadOnlyList<RecordedArchitecture> architectures) => new(
        "Recorded: three architectures on two DGX Sparks, prompts of at most 14 tokens",
        new(
            Words("architecture", architectures.Select(one => one.Name)),
            Numbers("single request (ms)", architectures.Select(one => one.SingleRequest.TotalMilliseconds)),
            Numbers("batch of 8, wall time (s)", architectures.Select(one => one.BatchWallTime.TotalSeconds)),
            Numbers("output (tok/s)", architectures.Select(one => one.OutputTokensPerSecond)),
            Words("what is wrong with it", architectures.Select(one => one.Flaw))),
        Files.Provenance(Manual));

    static RecordedArchitecture Architecture(string name, string config, string flaw) => new()
    {
        Name = name,
        SingleRequest = TimeSpan.FromMilliseconds(Measured(config, "single_request", "latency")),
        BatchWallTime = TimeSpan.FromSeconds(Measured(config, "batch8", "wall_time")),
        BatchTokens = (int)Measured(config, "batch8", "total_tokens"),
        Flaw = flaw,
    };

    // The course's article quotes other runs, of which it kept no data.
    static double Measured(string config, string phase, string metric) => Files.Rows(Manual)
        .Single(row => row["config"] == config && row["phase"] == phase && row["metric"] == metric && row["source_file"].StartsWith("notebooks/", StringComparison.Ordinal) && !row["source_file"].EndsWith(".md", StringComparison.Ordinal)).Number("value");

    /// <summary>A derived figure and what it supports.</summary>
    static string Check(string beginning)
    {
        var row = Files.Rows(Derived).Single(row => row["check"].StartsWith(beginning, StringComparison.Ordinal));
        return $"{row["result"]} {row["unit"]}: {row["supports"]}";
    }
}
