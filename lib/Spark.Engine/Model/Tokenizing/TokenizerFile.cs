using System.Text.Json;

namespace Spark.Engine;

/// <summary>What a <c>tokenizer.json</c> says, as far as it describes byte-level BPE; anything else in it is an error that names the field.</summary>
internal sealed record TokenizerFile
{
    public required IReadOnlyList<KeyValuePair<string, int>> Vocabulary { get; init; }

    /// <summary>Pairs as "left right", in order of rank.</summary>
    public required IReadOnlyList<string> Merges { get; init; }

    /// <summary>Whether a piece that is a token is taken whole, whatever the merges would make of it.</summary>
    public required bool IgnoreMerges { get; init; }
    public required IReadOnlyList<AddedToken> AddedTokens { get; init; }
    public required IReadOnlyList<PreTokenizer> PreTokenizers { get; init; }

    /// <summary>Ids that the post-processor puts before the text's.</summary>
    public required IReadOnlyList<int> Prefix { get; init; }
    public required IReadOnlyList<int> Suffix { get; init; }

    public static TokenizerFile Load(string modelDirectory)
    {
        var path = Path.Combine(modelDirectory, "tokenizer.json");
        if (!File.Exists(path))
            throw new ModelFormatException($"{path} is missing. A model that has only tokenizer.model (SentencePiece) cannot be served here.");
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(path));
            return Read(new JsonField(path, json.RootElement));
        }
        catch (JsonException e)
        {
            throw new ModelFormatException($"{path}: {e.Message}");
        }
    }

    internal static TokenizerFile Read(JsonField root)
    {
        if (root.Get("normalizer") is { } normalizer)
            throw normalizer.Error($"is {normalizer.Type}; byte-level BPE without a normalizer is what this engine reads");
        if (root.Get("decoder") is { } decoder && !IsByteLevel(decoder))
            throw decoder.Error($"is {decoder.Type}; only ByteLevel is known here");
        var model = root.Required("model");
        if (model.Get("type")?.Text is { } type && type != "BPE")
            throw model.Required("type").Error($"is {type}; only byte-level BPE is known here");
        foreach (var field in (string[])["dropout", "continuing_subword_prefix", "end_of_word_suffix", "byte_fallback"])
            if (model.Get(field) is { IsSet: true } set)
                throw set.Error("is set, which byte-level BPE does not use");
        var (prefix, suffix) = TokenizerPostProcessor.Read(root.Get("post_processor"));
        return new()
        {
            Vocabulary = [.. model.Required("vocab").Members.Select(m => KeyValuePair.Create(m.Name, m.Value.Int))],
            Merges = [.. model.Required("merges").Items.Select(Merge)],
            IgnoreMerges = model.Get("ignore_merges") is { IsSet: true },
            AddedTokens = [.. root.Get("added_tokens")?.Items.Select(Added) ?? []],
            PreTokenizers = TokenizerSteps.Read(root.Required("pre_tokenizer")),
            Prefix = prefix,
            Suffix = suffix,
        };
    }

    static bool IsByteLevel(JsonField decoder) => decoder.Type == "ByteLevel"
        || decoder.Type == "Sequence" && decoder.Required("decoders").Items.Any(IsByteLevel);

    static string Merge(JsonField merge) => merge.IsArray ? string.Join(' ', merge.Items.Select(i => i.Text)) : merge.Text;

    static AddedToken Added(JsonField token) => new(
        token.Required("id").Int,
        token.Required("content").Text,
        token.Get("special") is { IsSet: true },
        token.Get("lstrip") is { IsSet: true },
        token.Get("rstrip") is { IsSet: true },
        token.Get("single_word") is { IsSet: true });
}
