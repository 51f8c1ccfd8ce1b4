using System.Text.Json;

namespace Spark.Engine;

/// <summary>Reads <c>tokenizer_config.json</c>, which a model may do without.</summary>
internal static class TokenizerConfig
{
    /// <summary>The named special tokens' texts, such as <c>bos_token</c>, each given as a string or as an object with a content.</summary>
    public static IReadOnlyDictionary<string, string> SpecialTokens(string modelDirectory)
    {
        Dictionary<string, string> tokens = [];
        foreach (var file in (string[])["special_tokens_map.json", "tokenizer_config.json"])
            foreach (var (name, value) in Read(modelDirectory, file)?.Members ?? [])
                if (name.EndsWith("_token", StringComparison.Ordinal) && Text(value) is { } text)
                    tokens[name] = text;
        return tokens;
    }

    public static JsonField? Read(string modelDirectory, string file)
    {
        var path = Path.Combine(modelDirectory, file);
        if (!File.Exists(path))
            return null;
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(path));
            return new(path, json.RootElement.Clone());
        }
        catch (JsonException e)
        {
            throw new ModelFormatException($"{path}: {e.Message}");
        }
    }

    static string? Text(JsonField value) => value.Value.ValueKind switch
    {
        JsonValueKind.String => value.Text,
        JsonValueKind.Object => value.Get("content")?.Text,
        _ => null,
    };
}
