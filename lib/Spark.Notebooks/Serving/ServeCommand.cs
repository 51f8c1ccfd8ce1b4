using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Spark.Notebooks;

/// <summary>The arguments and environment of <c>vllm serve</c>, which <c>spark-engine serve</c> takes unchanged. No secret is among them.</summary>
public sealed record ServeCommand
{
    const string Loopback = "127.0.0.1";

    /// <summary>How long, in seconds, a prefill engine holds KV blocks that nobody fetches; vLLM's own eight minutes would strand them for a whole module.</summary>
    const string HoldSeconds = "60";

    static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A Hugging Face directory or hub name, the same string for engines that exchange KV blocks: it is part of what they compare.</summary>
    public required string Model { get; init; }

    /// <summary>The address to listen on.</summary>
    public string Host { get; init; } = Loopback;

    public int Port { get; init; }

    /// <summary>Names that clients may ask for; the last is the run id, by which this very start is known.</summary>
    public required IReadOnlyList<string> ServedModelNames { get; init; }

    public required Knobs Knobs { get; init; }

    /// <summary>Memory for the KV cache, whatever the utilization would leave; null goes by the utilization.</summary>
    public ByteSize? KvCacheMemory { get; init; }

    public EngineRole Role { get; init; }

    /// <summary>Where the side channel listens, and where other engines are told that it does: never 0.0.0.0.</summary>
    public string SideChannelHost { get; init; } = Loopback;

    /// <summary>Where other engines ask for KV blocks (vLLM's NIXL side channel); null for an engine that serves whole requests.</summary>
    public int? SideChannelPort { get; init; }

    /// <summary>One that its node has.</summary>
    public string Transport { get; init; } = "tcp";

    /// <summary>Null for the embedded engine.</summary>
    public VllmOptions? Vllm { get; init; }

    public IReadOnlyList<string> Arguments =>
    [
        "serve", Model,
        "--host", Host,
        "--port", Text(Port),
        "--served-model-name", .. ServedModelNames,
        "--gpu-memory-utilization", Text(Knobs.GpuMemoryUtilization),
        .. Flag("--kv-cache-memory-bytes", KvCacheMemory?.Bytes),
        .. Flag("--max-model-len", Knobs.MaxModelLen),
        .. Flag("--max-num-seqs", Knobs.MaxNumSeqs),
        .. Flag("--max-num-batched-tokens", Knobs.MaxNumBatchedTokens),
        "--kv-cache-dtype", Knobs.KvCacheDtype,
        .. Knobs.EnablePrefixCaching ? [] : (string[])["--no-enable-prefix-caching"],
        "--seed", Text(Knobs.Seed),
        "--enable-prompt-tokens-details",
        .. Role == EngineRole.Both ? [] : (string[])["--kv-transfer-config", KvTransferConfig.ToJsonString(Plain)],
    ];

    public IReadOnlyDictionary<string, string> Environment
    {
        get
        {
            var variables = new SortedDictionary<string, string>(StringComparer.Ordinal);
            if (SideChannelPort is { } port)
            {
                variables["VLLM_NIXL_SIDE_CHANNEL_HOST"] = SideChannelHost;
                variables["VLLM_NIXL_SIDE_CHANNEL_PORT"] = Text(port);
                if (Vllm is null or { Version.HasLeases: false })
                    variables["VLLM_NIXL_ABORT_REQUEST_TIMEOUT"] = HoldSeconds;
                if (Vllm is not null)
                    // UCX otherwise keeps host memory that it registered once (vLLM issue 24264); later versions set it themselves.
                    variables["UCX_RCACHE_MAX_UNRELEASED"] = "1024";
                if (Vllm?.NetDevices is { } devices)
                    variables["UCX_NET_DEVICES"] = devices;
            }
            foreach (var (name, value) in Vllm?.Environment ?? new Dictionary<string, string>())
                variables[name] = value;
            return variables;
        }
    }

    JsonObject KvTransferConfig
    {
        get
        {
            var config = new JsonObject
            {
                ["kv_connector"] = "NixlConnector",
                ["kv_role"] = Role == EngineRole.Prefill ? "kv_producer" : "kv_consumer",
                ["kv_load_failure_policy"] = Knobs.KvLoadFailurePolicy,
            };
            if (Vllm is { } vllm)
                config["kv_buffer_device"] = vllm.KvBufferDevice;
            // The transport is spark-engine's own key.
            if (Vllm is null)
                config["kv_connector_extra_config"] = new JsonObject { ["transport"] = Transport };
            else if (Vllm.Version.HasLeases)
                config["kv_connector_extra_config"] = new JsonObject { ["kv_lease_duration"] = int.Parse(HoldSeconds, CultureInfo.InvariantCulture) };
            return config;
        }
    }

    /// <summary>As it would be typed, the variables first.</summary>
    public string ToShell(string program = "vllm") =>
        string.Join(" \\\n  ", [.. Environment.Select(variable => $"{variable.Key}={Word(variable.Value)}"), $"{program} {string.Join(' ', Arguments.Select(Word))}"]);

    static string Word(string word) => word.Length > 0 && word.All(c => char.IsAsciiLetterOrDigit(c) || "-_./:=,^".Contains(c)) ? word : Shell.Quote(word);

    static string[] Flag(string name, long? value) => value is { } given ? [name, Text(given)] : [];

    static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);
}
