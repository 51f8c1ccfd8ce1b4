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
}
