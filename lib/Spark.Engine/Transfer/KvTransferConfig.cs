using System.Text.Json;

namespace Spark.Engine;

/// <summary>
/// <c>--kv-transfer-config</c>, NixlConnector's own JSON. This engine's transports stand in for NIXL's backends:
/// <c>kv_connector_extra_config.transport</c> is <c>tcp</c> (default; between machines, the sender's CPU takes part) or <c>shm</c>
/// (on one machine, one-sided: the receiver reads the sender's memory). Keys that only NIXL heeds are let pass.
/// </summary>
public sealed record KvTransferConfig
{
    public string EngineId { get; init; } = Guid.NewGuid().ToString();
    public string Transport { get; init; } = "tcp";

    /// <summary>Whether a request whose KV cannot be loaded fails; else it is computed here.</summary>
    public bool FailOnLoadError { get; init; }
    public bool EnforceHandshakeCompat { get; init; } = true;

    /// <summary>Pulls at once (NIXL's <c>num_threads</c>).</summary>
    public int NumThreads { get; init; } = 4;

    /// <summary>How long a prefilled request's blocks are held for a decode engine to come.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(480);

    /// <summary>Longest silence of a peer before it counts as gone: vLLM's own for the handshake, here for every read.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Where the side channel listens, and what <c>remote_host</c> says: VLLM_NIXL_SIDE_CHANNEL_HOST.</summary>
    public string SideChannelHost { get; init; } = "localhost";

    /// <summary>VLLM_NIXL_SIDE_CHANNEL_PORT; 0 takes a free one.</summary>
    public int SideChannelPort { get; init; } = 5600;

    /// <param name="json">The flag's value.</param>
    /// <param name="environment">Reads a variable; null where it is not set.</param>
    /// <exception cref="FormatException">Names the key.</exception>
    public static KvTransferConfig Parse(string json, Func<string, string?> environment)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = new ConfigReader("--kv-transfer-config", document.RootElement);
            var extra = root.Section("kv_connector_extra_config");
            if (root.Text("kv_connector") is var connector && connector is not ("NixlConnector" or "NixlPullConnector"))
                throw root.Error("kv_connector", $"is '{connector}'; this engine has NixlConnector");
            if (root.Text("kv_role") is var role && role is not ("kv_producer" or "kv_consumer" or "kv_both"))
                throw root.Error("kv_role", $"is '{role}'; it must be kv_producer, kv_consumer or kv_both");
            var seconds = environment("VLLM_NIXL_ABORT_REQUEST_TIMEOUT") is { } timeout ? Number(timeout, "VLLM_NIXL_ABORT_REQUEST_TIMEOUT") : extra?.Number("kv_lease_duration", 480) ?? 480;
            return new()
            {
                EngineId = root.Text("engine_id") ?? Guid.NewGuid().ToString(),
                Transport = OneOf(extra, "transport", "tcp", "shm"),
                FailOnLoadError = OneOf(root, "kv_load_failure_policy", "recompute", "fail") == "fail",
                EnforceHandshakeCompat = extra?.Flag("enforce_handshake_compat", whenAbsent: true) ?? true,
                NumThreads = extra?.Positive("num_threads", 4) ?? 4,
                Lease = TimeSpan.FromSeconds(seconds),
                SideChannelHost = environment("VLLM_NIXL_SIDE_CHANNEL_HOST") ?? "localhost",
                SideChannelPort = (int)Number(environment("VLLM_NIXL_SIDE_CHANNEL_PORT") ?? "5600", "VLLM_NIXL_SIDE_CHANNEL_PORT"),
            };
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ModelFormatException)
        {
            throw new FormatException(e is ModelFormatException ? e.Message : $"--kv-transfer-config is not a JSON object: {e.Message}");
        }
    }

    static string OneOf(ConfigReader? section, string key, params string[] values)
    {
        var value = section?.Text(key) ?? values[0];
        return values.Contains(value) ? value : throw section!.Error(key, $"is '{value}'; it must be {string.Join(" or ", values)}");
    }

    static double Number(string text, string variable) =>
        double.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var number) && number >= 0 ? number : throw new FormatException($"{variable} is '{text}', which is not a number.");
}
