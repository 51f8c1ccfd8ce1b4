using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Spark.Notebooks;

/// <summary>The gateway's own errors in vLLM's shape: <c>{"error":{"message","type","param","code"}}</c>.</summary>
internal static class VllmError
{
    public static byte[] Json(int status, string message) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        error = new { message, type = ReasonPhrases.GetReasonPhrase(status), param = (string?)null, code = status },
    });

    /// <summary>The end of a stream that cannot go on: the error as an event, and vLLM's last event.</summary>
    public static byte[] LastEvents(int status, string message) => [.. "data: "u8, .. Json(status, message), .. "\n\ndata: [DONE]\n\n"u8];

    public static Task WriteAsync(HttpContext http, int status, string message) => WholeAnswer.WriteAsync(http, status, Json(status, message));
}
