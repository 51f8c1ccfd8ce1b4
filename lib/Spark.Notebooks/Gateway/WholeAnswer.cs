using Microsoft.AspNetCore.Http;

namespace Spark.Notebooks;

/// <summary>Writes an answer that is there in full.</summary>
internal static class WholeAnswer
{
    public static async Task WriteAsync(HttpContext http, int status, ReadOnlyMemory<byte> body, string contentType = "application/json")
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = contentType;
        http.Response.ContentLength = body.Length;
        await http.Response.Body.WriteAsync(body, http.RequestAborted);
    }
}
