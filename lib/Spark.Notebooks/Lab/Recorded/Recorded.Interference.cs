namespace Spark.Notebooks;

public static partial class Recorded
{
    /// <summary>Llama-3.1-8B's shape on an H100: the step time of decoding sequences when a prefill chunk joins the batch.</summary>
    public static RecordedInterference H100Interference() => new(
        "one H100",
        [.. Files.Rows(Gpu).Where(row => row["kind"] == "interference")
            .Select(row => new RecordedStep(row.Whole("tokens"), row.Whole("batch"), row.Whole("context"), row.Number("value"), row.Number("lo"), row.Number("hi")))
            .OrderBy(step => step.Tokens)],
        Files.Provenance(Gpu));
}
