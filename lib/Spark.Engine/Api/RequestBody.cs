using System.Text.Json;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http;

namespace Spark.Engine;

/// <summary>Reads the JSON that a request carries.</summary>
internal static class RequestBody
{
    /// <exception cref="ApiException">The body is no JSON, is not said to be, or is too large.</exception>
    public static async Task<JsonElement> ReadAsync(HttpContext http, ApiOptions options)
    {
        if (http.Request.ContentType?.Split(';')[0].ToLowerInvariant() != "application/json")
            throw new ApiException(400, "Bad Request", "[\"Unsupported Media Type: Only 'application/json' is allowed\"]");
        var bytes = await BytesAsync(http, options.MaxBodyBytes);
        if (bytes.Length == 0)
            throw Invalid("missing", "Field required", null);
        if (!Utf8.IsValid(bytes))
            throw new ApiException(400, "Bad Request", "There was an error parsing the body");
        try
        {
            var body = JsonDocument.Parse(bytes).RootElement;
            return bytes.AsSpan().IndexOf("\\u"u8) < 0 || IsText(body) ? body : throw new ApiException(400, "Bad Request", "There was an error parsing the body: half a surrogate pair is no character");
        }
        catch (JsonException e)
        {
            throw Invalid("json_invalid", "JSON decode error", $"{{'error': {PythonText.Repr(e.Message.Split(" LineNumber:")[0])}}}", Offset(bytes, e));
        }
    }

    static async Task<byte[]> BytesAsync(HttpContext http, long most)
    {
        if (http.Request.ContentLength > most)
            throw ApiException.BodyTooLarge(most);
        try
        {
            using var bytes = new MemoryStream((int)(http.Request.ContentLength ?? 0));
            await http.Request.Body.CopyToAsync(bytes, http.RequestAborted);
            return bytes.ToArray();
        }
        catch (BadHttpRequestException e) when (e.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            throw ApiException.BodyTooLarge(most);
        }
    }

    static long Offset(ReadOnlySpan<byte> bytes, JsonException error)
    {
        var lineStart = 0;
        for (var line = 0; line < error.LineNumber; line++)
            lineStart += bytes[lineStart..].IndexOf((byte)'\n') + 1;
        return lineStart + (error.BytePositionInLine ?? 0);
    }

    static ApiException Invalid(string type, string message, string? context, long? at = null)
    {
        var problems = new FieldProblems();
        problems.Refuse(type, message, null, context);
        if (at is { } offset)
            problems.Within(offset);
        return ApiException.Invalid(problems);
    }

    // Half a surrogate pair, escaped, is JSON and is no text.
    static bool IsText(JsonElement value)
    {
        try
        {
            return value.ValueKind switch
            {
                JsonValueKind.String => value.GetString() is not null,
                JsonValueKind.Array => value.EnumerateArray().All(IsText),
                JsonValueKind.Object => value.EnumerateObject().All(m => m.Name is not null && IsText(m.Value)),
                _ => true,
            };
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
