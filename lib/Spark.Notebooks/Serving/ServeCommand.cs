using System.Globalization;
using System.Text.Json.Nodes;

namespace Spark.Notebooks;

/// <summary>The arguments and environment of <c>vllm serve</c>, which <c>spark-engine serve</c> takes unchanged.</summary>
public sealed record ServeCommand
{
    const string Loopback = "127.0.0.1";

    /// <summary>A Hugging Face directory or hub name.</summary>
    public required string Model { get; init; }

    public int Port { get; init; }

    /// <summary>Names that clients may ask for; the last is the run id, by which this very start is known.</summary>
    public required IReadOnlyList<string> ServedModelNames { get; init; }

    public required Knobs Knobs { get; init; }

    public EngineRole Role { get; init; }

    /// <summary>Where other engines ask for KV blocks (vLLM's NIXL side channel); null for an engine that serves whole requests.</summary>
    public int? SideChannelPort { get; init; }

    public IReadOnlyList<string> Arguments =>
    [
        "serve", Model,
        "--host", Loopback,
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
        .. Role == EngineRole.Both ? [] : (string[])["--kv-transfer-config", KvTransferConfig],
    ];

    public IReadOnlyDictionary<string, string> Environment => SideChannelPort is not { } port ? new Dictionary<string, string>() : new()
    {
        ["VLLM_NIXL_SIDE_CHANNEL_HOST"] = Loopback,
        ["VLLM_NIXL_SIDE_CHANNEL_PORT"] = Text(port),
    };

    // NixlConnector's own fields; the transport is spark-engine's, and vLLM passes over extra keys that it does not know.
    string KvTransferConfig => new JsonObject
    {
        ["kv_connector"] = "NixlConnector",
        ["kv_role"] = Role == EngineRole.Prefill ? "kv_producer" : "kv_consumer",
        ["kv_load_failure_policy"] = Knobs.KvLoadFailurePolicy,
        ["kv_connector_extra_config"] = new JsonObject { ["transport"] = Knobs.Transport },
    }.ToJsonString();

    static string[] Flag(string name, int? value) => value is { } given ? [name, Text(given)] : [];

    static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);
}
