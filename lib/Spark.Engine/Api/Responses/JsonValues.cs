using System.Text.Json;

namespace Spark.Engine;

/// <summary>Values that several responses write alike.</summary>
internal static class JsonValues
{
    public static void WriteTokens(this Utf8JsonWriter json, ReadOnlySpan<byte> name, IReadOnlyList<int>? tokens)
    {
        if (tokens is null)
        {
            json.WriteNull(name);
            return;
        }
        json.WriteStartArray(name);
        foreach (var token in tokens)
            json.WriteNumberValue(token);
        json.WriteEndArray();
    }

    public static void WriteFinish(this Utf8JsonWriter json, FinishReason? reason) => json.WriteString("finish_reason"u8, reason?.OnTheWire());

    /// <summary>A stop string, a stop token's id, or null.</summary>
    public static void WriteStopReason(this Utf8JsonWriter json, object? reason)
    {
        if (reason is int token)
            json.WriteNumber("stop_reason"u8, token);
        else
            json.WriteString("stop_reason"u8, reason as string);
    }

    /// <summary>Null but for a prefill whose KV is held for another engine.</summary>
    public static void WriteTransfer(this Utf8JsonWriter json, KvTransferParams? transfer)
    {
        json.WritePropertyName("kv_transfer_params"u8);
        if (transfer is null)
            json.WriteNullValue();
        else
            transfer.Write(json);
    }

    /// <summary>As a double, whose digits are those that Python shows; minus infinity is no JSON, and is -9999 by convention.</summary>
    public static double Logprob(float logprob) => Math.Max(logprob, -9999.0);

    /// <summary>The chosen token first, then the likeliest, none twice: the order in which vLLM lists a position.</summary>
    public static IEnumerable<(int Token, float Logprob)> Candidates(this TokenLogprobs position) =>
        position.Top.Where(t => t.Token != position.Token).Prepend((position.Token, position.Logprob));
}
