using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Spark.Kernel;

/// <summary>Outputs of cells as HTML: of each display, the richest type that a page can show.</summary>
internal sealed partial class OutputHtml(Prose prose)
{
    readonly LargeScripts scripts = new();

    public string Render(JsonNode output) => output["output_type"]?.GetValue<string>() switch
    {
        "stream" => $"<pre class=\"stream {Encode(output["name"])}\">{Encode(output["text"])}</pre>",
        "error" => Error(output),
        _ => Data(output["data"] as JsonObject ?? []),
    };

    string Data(JsonObject data)
    {
        if (data["text/html"] is { } html)
            return $"<div class=\"html\">{scripts.DropRepeated(MultilineText.Read(html))}</div>";
        foreach (var mimeType in new[] { "image/png", "image/jpeg", "image/gif" })
            if (data[mimeType] is { } image)
                return $"<img alt=\"{mimeType}\" src=\"{DataUri.OfBase64(mimeType, MultilineText.Read(image))}\">";
        // As a picture, its ids and styles cannot meet those of the page.
        if (data["image/svg+xml"] is { } svg)
            return $"<img alt=\"drawing\" src=\"{DataUri.OfBytes("image/svg+xml", Encoding.UTF8.GetBytes(MultilineText.Read(svg)))}\">";
        if (data["text/markdown"] is { } markdown)
            return $"<div class=\"prose\">{prose.Render(MultilineText.Read(markdown), null)}</div>";
        if (data["text/plain"] is { } plain)
            return $"<pre>{Encode(plain)}</pre>";
        return data.FirstOrDefault() is ({ } type, { } value) && MimeBundle.IsJson(type)
            ? $"<pre>{WebUtility.HtmlEncode(value.ToJsonString(new() { WriteIndented = true }))}</pre>"
            : $"<p class=\"note\">An output of type {WebUtility.HtmlEncode(data.FirstOrDefault().Key ?? "unknown")}, which this page cannot show.</p>";
    }

    static string Error(JsonNode error)
    {
        var lines = (error["traceback"] as JsonArray ?? []).Select(line => line?.GetValue<string>());
        var traceback = WithoutAnsi(string.Join('\n', lines));
        var message = MultilineText.Read(error["evalue"]);
        // Most tracebacks begin with what the title says.
        if (message.Length > 0 && traceback.Split('\n')[0].EndsWith(message, StringComparison.Ordinal))
            traceback = string.Join('\n', traceback.Split('\n').Skip(1));
        return $"<div class=\"error\"><strong>{Encode(error["ename"])}</strong> {Encode(error["evalue"])}<pre>{WebUtility.HtmlEncode(traceback)}</pre></div>";
    }

    static string Encode(JsonNode? text) => WebUtility.HtmlEncode(WithoutAnsi(MultilineText.Read(text)));

    static string WithoutAnsi(string text) => AnsiEscape().Replace(text, "");

    [GeneratedRegex(@"\x1b\[[0-9;?]*[A-Za-z]")]
    private static partial Regex AnsiEscape();
}
