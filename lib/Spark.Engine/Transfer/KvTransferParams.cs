using System.Text.Json;

namespace Spark.Engine;

/// <summary>
/// The <c>kv_transfer_params</c> of a request or a response, by NixlConnector's names (vLLM 0.13). Clients carry it from the prefill's answer
/// to the decode's request without looking inside; keys that are not known here are let pass.
/// </summary>
public sealed record KvTransferParams
{
    /// <summary>Asks this engine to hold the prompt's KV for another one.</summary>
    public bool DoRemoteDecode { get; init; }

    /// <summary>Asks this engine to pull the prompt's KV from the engine named below.</summary>
    public bool DoRemotePrefill { get; init; }
    public IReadOnlyList<int> RemoteBlockIds { get; init; } = [];
    public string? RemoteEngineId { get; init; }
    public string? RemoteRequestId { get; init; }
    public string? RemoteHost { get; init; }
    public int? RemotePort { get; init; }

    /// <summary>Whether everything is there that a pull needs; vLLM serves such a request without it as any other, and warns.</summary>
    public bool NamesItsSource => RemoteBlockIds.Count > 0 && RemoteEngineId is not null && RemoteRequestId is not null && RemoteHost is not null && RemotePort is not null;

    public static KvTransferParams Read(JsonElement json) => new()
    {
        DoRemoteDecode = json.TryGetProperty("do_remote_decode", out var decode) && decode.ValueKind == JsonValueKind.True,
        DoRemotePrefill = json.TryGetProperty("do_remote_prefill", out var prefill) && prefill.ValueKind == JsonValueKind.True,
        RemoteBlockIds = json.TryGetProperty("remote_block_ids", out var ids) ? [.. BlockIds(ids)] : [],
        RemoteEngineId = Text(json, "remote_engine_id"),
        RemoteRequestId = Text(json, "remote_request_id"),
        RemoteHost = Text(json, "remote_host"),
        RemotePort = json.TryGetProperty("remote_port", out var port) && port.ValueKind == JsonValueKind.Number && port.TryGetInt32(out var number) ? number : null,
    };

    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteBoolean("do_remote_prefill"u8, DoRemotePrefill);
        json.WriteBoolean("do_remote_decode"u8, DoRemoteDecode);
        json.WriteStartArray("remote_block_ids"u8);
        foreach (var id in RemoteBlockIds)
            json.WriteNumberValue(id);
        json.WriteEndArray();
        json.WriteString("remote_engine_id"u8, RemoteEngineId);
        json.WriteString("remote_request_id"u8, RemoteRequestId);
        json.WriteString("remote_host"u8, RemoteHost);
        json.WriteNumber("remote_port"u8, RemotePort!.Value);
        json.WriteNumber("tp_size"u8, 1);
        json.WriteEndObject();
    }

    // Since March 2026 vLLM groups the ids by KV cache group; a Llama has one group.
    static IEnumerable<int> BlockIds(JsonElement ids) => ids.ValueKind != JsonValueKind.Array ? []
        : ids.EnumerateArray().SelectMany(id => id.ValueKind == JsonValueKind.Array ? id.EnumerateArray().AsEnumerable() : [id])
            .Where(id => id.ValueKind == JsonValueKind.Number).Select(id => id.TryGetInt32(out var number) ? number : -1);

    static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
