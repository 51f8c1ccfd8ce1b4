using System.Text.Json;
using System.Text.Json.Nodes;

namespace Spark.Engine.Tests;

/// <summary>Writes small tokenizer.json documents and loads them.</summary>
internal static class TokenizerJson
{
    public static readonly string[] Bytes = [.. Enumerable.Range(0, 256).Select(b => ByteAlphabet.Encode([(byte)b]))];

    public static JsonObject Document(IEnumerable<string> vocabulary, IEnumerable<string> merges, bool ignoreMerges = false)
    {
        var vocab = new JsonObject();
        foreach (var token in vocabulary)
            vocab[token] = vocab.Count;
        return new()
        {
            ["added_tokens"] = new JsonArray(),
            ["normalizer"] = null,
            ["pre_tokenizer"] = new JsonObject { ["type"] = "ByteLevel", ["add_prefix_space"] = false, ["use_regex"] = false },
            ["post_processor"] = null,
            ["decoder"] = new JsonObject { ["type"] = "ByteLevel" },
            ["model"] = new JsonObject
            {
                ["type"] = "BPE",
                ["ignore_merges"] = ignoreMerges,
                ["vocab"] = vocab,
                ["merges"] = new JsonArray([.. merges.Select(m => (JsonNode)m)]),
            },
        };
    }

    public static JsonObject Added(int id, string content, bool special = true, bool rstrip = false, bool lstrip = false, bool singleWord = false) => new()
    {
        ["id"] = id, ["content"] = content, ["special"] = special, ["rstrip"] = rstrip, ["lstrip"] = lstrip, ["single_word"] = singleWord,
    };

    public static Tokenizer Load(JsonObject document)
    {
        using var json = JsonDocument.Parse(document.ToJsonString());
        return new(TokenizerFile.Read(new("tokenizer.json", json.RootElement)), new Dictionary<string, string>());
    }
}
