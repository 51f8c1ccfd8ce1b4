namespace Spark.Notebooks;

public static partial class Recorded
{
    const string Published = "e_published_ceilings.csv";

    /// <summary>vLLM's start-up log on one DGX Spark, Llama-3.1-8B at utilization 0.3.</summary>
    public static RecordedKvCache SparkKvCache() => new(
        ByteSize.FromGiB(Figure("single_node", "engine_log", "available_kv_cache")),
        (int)Figure("single_node", "engine_log", "kv_cache_tokens"),
        Files.Provenance(Manual));

    /// <summary>A DGX Spark's two ceilings as others published them, not as measured here.</summary>
    public static (Roofline Roofline, Provenance Provenance) PublishedSpark()
    {
        var rows = Files.Rows(Published);
        return (new(
            1e12 * rows.Single(row => row["unit"] == "TFLOP/s").Number("value"),
            1e9 * rows.Single(row => row["unit"] == "GB/s").Number("value")), Files.Provenance(Published));
    }

    /// <summary>What the Spark pair's prompts would cost to compute again: a bound, since only its ceilings are known.</summary>
    public static Recompute SparkPrefill(ModelShape shape) => Recompute.OnRoofline("DGX Spark, its published ceilings", shape, PublishedSpark().Roofline);

    /// <summary>What an H100 took.</summary>
    public static Recompute H100Prefill()
    {
        var gpu = H100();
        return Recompute.FromSteps(
            $"H100, recorded, {gpu.Shape.Name}",
            gpu.Shape,
            gpu.Prefill.Select(step => (step.Tokens, TimeSpan.FromMilliseconds(step.MedianMs))),
            gpu.Decode.Where(step => step.Batch == 1).Select(step => (step.Context, TimeSpan.FromMilliseconds(step.MedianMs))));
    }
}
