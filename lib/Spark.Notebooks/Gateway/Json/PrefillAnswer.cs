using System.Text.Json;

namespace Spark.Notebooks;

/// <summary>What matters of a prefill instance's answer.</summary>
/// <param name="KvTransferParams">As they stand in the answer; empty when there are none.</param>
/// <param name="Blocks">KV blocks that they name; null when they do not say.</param>
/// <param name="PromptTokens">From the answer's usage.</param>
internal sealed record PrefillAnswer(ReadOnlyMemory<byte> KvTransferParams, int? Blocks, int? PromptTokens)
{
    /// <summary>Null when the bytes are no JSON object.</summary>
    public static PrefillAnswer? Read(byte[] json)
    {
        if (JsonMembers.Parse(json) is not { } answer)
            return null;
        var held = answer["kv_transfer_params"];
        var parameters = JsonMembers.Parse(held);
        var blocks = parameters?["remote_block_ids"];
        return new(parameters is { Count: > 0 } ? held : default, blocks is { Length: > 0 } ids ? PromptShape.CountNumbers(ids.Span) : null, Number(JsonMembers.Parse(answer["usage"])?["prompt_tokens"]));
    }

    static int? Number(ReadOnlyMemory<byte>? json) =>
        json is { Length: > 0 } bytes && new Utf8JsonReader(bytes.Span) is var reader && reader.Read() && reader.TokenType is JsonTokenType.Number && reader.TryGetInt32(out var value) ? value : null;
}
