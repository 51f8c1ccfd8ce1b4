using System.Text.Json.Nodes;

namespace Spark.Kernel;

/// <summary>Pictures as part of the page, so that it needs no other file.</summary>
internal static class DataUri
{
    static readonly Dictionary<string, string> MimeTypes = new(StringComparer.OrdinalIgnoreCase)
    {
        [".png"] = "image/png",
        [".jpg"] = "image/jpeg",
        [".jpeg"] = "image/jpeg",
        [".gif"] = "image/gif",
        [".webp"] = "image/webp",
        [".svg"] = "image/svg+xml",
    };

    public static string OfBase64(string mimeType, string base64) => $"data:{mimeType};base64,{base64.ReplaceLineEndings("")}";

    public static string OfBytes(string mimeType, byte[] content) => OfBase64(mimeType, Convert.ToBase64String(content));

    /// <summary>The picture in a file, or null when there is none.</summary>
    public static string? OfFile(string path) =>
        File.Exists(path) && MimeTypes.TryGetValue(Path.GetExtension(path), out var mimeType) ? OfBytes(mimeType, File.ReadAllBytes(path)) : null;

    /// <summary>The picture in a cell's attachment, or null when there is none.</summary>
    public static string? OfAttachment(JsonObject? attachments, string name) =>
        attachments?[name] is JsonObject { Count: > 0 } bundle
            ? bundle.Select(entry => OfBase64(entry.Key, MultilineText.Read(entry.Value))).First()
            : null;
}
