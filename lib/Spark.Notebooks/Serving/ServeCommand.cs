using System.Globalization;

namespace Spark.Notebooks;

/// <summary>The arguments of <c>vllm serve</c>, which <c>spark-engine serve</c> takes unchanged.</summary>
public sealed record ServeCommand
{
    /// <summary>A Hugging Face directory or hub name.</summary>
    public required string Model { get; init; }

    public required int Port { get; init; }

    /// <summary>Names that clients may ask for; the last is the run id, by which this very start is known.</summary>
    public required IReadOnlyList<string> ServedModelNames { get; init; }

    public required Knobs Knobs { get; init; }

    public IReadOnlyList<string> Arguments =>
    [
        "serve", Model,
        "--host", "127.0.0.1",
        "--port", Text(Port),
        "--served-model-name", .. ServedModelNames,
        "--gpu-memory-utilization", Text(Knobs.GpuMemoryUtilization),
        .. Flag("--max-model-len", Knobs.MaxModelLen),
        .. Flag("--max-num-seqs", Knobs.MaxNumSeqs),
        .. Flag("--max-num-batched-tokens", Knobs.MaxNumBatchedTokens),
        "--kv-cache-dtype", Knobs.KvCacheDtype,
        .. Knobs.EnablePrefixCaching ? [] : (string[])["--no-enable-prefix-caching"],
        "--seed", Text(Knobs.Seed),
        "--enable-prompt-tokens-details",
    ];

    static string[] Flag(string name, int? value) => value is { } given ? [name, Text(given)] : [];

    static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);
}
