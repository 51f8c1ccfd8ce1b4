namespace Spark.Notebooks;

/// <summary>Figures that others' runs left in data/recorded, each with its source and its flaws.</summary>
public static partial class Recorded
{
    const string Sweeps = "b_guidellm_sweeps.csv";
    const string Manual = "a_manual_benchmarks.csv";
    const string Gpu = "d_h100_llama31_8b_shape.csv";
    static readonly RecordedFiles Files = new(DataFolder.Recorded);

    /// <summary>Llama-3.1-8B on one DGX Spark over load; of the recorded sweeps the only valid one.</summary>
    public static RecordedSweep SparkSweep() => new(
        "one DGX Spark",
        [.. Files.Rows(Sweeps)
            .Where(row => row["config"] == "single_node" && row["validity"].StartsWith("ok", StringComparison.Ordinal))
            .Select(row => new RecordedLoad
            {
                Strategy = row["strategy"],
                Concurrency = row.Number("concurrency_successful_mean"),
                InFlight = row.Number("concurrency_all_mean"),
                PromptTokens = row.Whole("prompt_tokens_per_req"),
                OutputTokens = row.Whole("output_tokens_per_req"),
                Completed = row.Whole("requests_successful"),
                Incomplete = row.Whole("requests_incomplete"),
                OutputTokensPerSecond = row.Number("output_tok_per_s_successful"),
                TtftMedianMs = row.Number("ttft_ms_p50"),
                TtftP95Ms = row.Number("ttft_ms_p95"),
                ItlMedianMs = row.Number("itl_ms_p50"),
                E2elMedianMs = 1000 * row.Number("e2e_latency_s_p50"),
            })
            .OrderBy(point => point.Concurrency)],
        Files.Provenance(Sweeps));

    /// <summary>The course repository's batch of 8 on one DGX Spark.</summary>
    public static RecordedBatch SparkBatch() => new(
        8,
        (int)Figure("single_node", "batch8", "total_tokens"),
        TimeSpan.FromSeconds(Figure("single_node", "batch8", "wall_time")),
        Files.Provenance(Manual));

    /// <summary>The course repository's single request on one DGX Spark.</summary>
    public static RecordedBatch SparkSingle() => new(
        1,
        (int)Figure("single_node", "single_request", "tokens_generated"),
        TimeSpan.FromMilliseconds(Figure("single_node", "single_request", "latency")),
        Files.Provenance(Manual));

    /// <summary>The Llama-3.1-8B shape on an H100: step times without a server.</summary>
    public static RecordedGpu H100()
    {
        var rows = Files.Rows(Gpu);
        return new()
        {
            Machine = "one H100",
            Shape = ModelShape.Named("Llama-3.1-8B"),
            Roofline = new(
                1e12 * rows.Single(row => row["kind"] == "ceiling" && row["unit"] == "TFLOP/s").Number("value"),
                1e9 * rows.Single(row => row["metric"].StartsWith("device read", StringComparison.Ordinal)).Number("value")),
            Prefill = Steps("prefill"),
            Decode = Steps("decode"),
            Provenance = Files.Provenance(Gpu),
        };

        RecordedStep[] Steps(string kind) => [.. rows.Where(row => row["kind"] == kind).Select(row => new RecordedStep(
            (int)(row.NumberOrNull("tokens") ?? 0),
            row.Whole("batch"),
            (int)(row.NumberOrNull("context") ?? 0),
            row.Number("value"),
            row.Number("lo"),
            row.Number("hi")))];
    }

    static double Figure(string config, string phase, string metric) => Files.Rows(Manual)
        .Single(row => row["config"] == config && row["phase"] == phase && row["metric"] == metric).Number("value");
}
