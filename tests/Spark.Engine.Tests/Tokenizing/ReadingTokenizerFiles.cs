using System.Text.Json.Nodes;

namespace Spark.Engine.Tests;

public class ReadingTokenizerFiles
{
    const string Llama3Pattern = @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    [Theory]
    [InlineData("It'LL be 12345  o'clock!\n\n x", "It|'LL| be| |123|45| | o|'clock|!\n\n| x")]
    [InlineData("a𝐀b𝟘𝟙𝟚𝟛é😀", "a𝐀b|𝟘𝟙𝟚|𝟛|é|😀")]
    public void The_split_of_Llama_3_isolates_its_matches(string text, string pieces) =>
        Assert.Equal(pieces.Split('|'), Pieces(text, Sequence(Split("Regex", Llama3Pattern), ByteLevel())));

    [Theory]
    [InlineData("It's 2024 now", "It|'s| |2|0|2|4| now")]
    [InlineData("½x", "½|x")]
    public void SmolLM2_parts_digits_before_GPT_2s_split(string text, string pieces) =>
        Assert.Equal(pieces.Split('|'), Pieces(text, Sequence(new() { ["type"] = "Digits", ["individual_digits"] = true }, ByteLevel(useRegex: true))));

    [Fact]
    public void A_run_of_digits_stays_whole_where_they_are_not_individual() =>
        Assert.Equal(["a", "12", "b"], Pieces("a12b", Sequence(new() { ["type"] = "Digits", ["individual_digits"] = false }, ByteLevel())));

    [Fact]
    public void A_prefix_space_comes_before_a_text_without_one()
    {
        Assert.Equal([" a", " b"], Pieces("a b", ByteLevel(useRegex: true, prefixSpace: true)));
        Assert.Equal([" a", " b"], Pieces(" a b", ByteLevel(useRegex: true, prefixSpace: true)));
    }

    [Fact]
    public void An_inverted_removal_keeps_the_matches_only() =>
        Assert.Equal(["ab", "cd"], Pieces("ab--cd-", Sequence(Split("Regex", "[a-z]+", "Removed", invert: true), ByteLevel())));

    [Fact]
    public void A_literal_pattern_is_no_regular_expression() =>
        Assert.Equal(["a", "..", "b.c"], Pieces("a..b.c", Sequence(Split("String", ".."), ByteLevel())));

    [Fact]
    public void Merges_may_be_pairs()
    {
        var document = TokenizerJson.Document([.. TokenizerJson.Bytes, "ab", "abc"], []);
        document["model"]!["merges"] = new JsonArray(new JsonArray("a", "b"), new JsonArray("ab", "c"));
        Assert.Equal([257], TokenizerJson.Load(document).Encode("abc", false));
    }

    [Fact]
    public void The_post_processor_surrounds_the_text_within_a_sequence_too()
    {
        var document = TokenizerJson.Document(TokenizerJson.Bytes, []);
        document["added_tokens"] = new JsonArray(TokenizerJson.Added(256, "<s>"), TokenizerJson.Added(257, "</s>"));
        document["post_processor"] = new JsonObject
        {
            ["type"] = "Sequence",
            ["processors"] = new JsonArray(new JsonObject { ["type"] = "ByteLevel" }, JsonNode.Parse("""
                {"type": "TemplateProcessing",
                 "single": [{"SpecialToken": {"id": "<s>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}, {"SpecialToken": {"id": "</s>", "type_id": 0}}],
                 "special_tokens": {"<s>": {"id": "<s>", "ids": [256], "tokens": ["<s>"]}, "</s>": {"id": "</s>", "ids": [257], "tokens": ["</s>"]}}}
                """)),
        };
        var tokenizer = TokenizerJson.Load(document);
        Assert.Equal([256, .. tokenizer.Encode("a", false), 257], tokenizer.Encode("a", true));
    }

    [Fact]
    public void Added_tokens_match_the_longest_and_take_white_space_as_told()
    {
        var document = TokenizerJson.Document(TokenizerJson.Bytes, []);
        document["added_tokens"] = new JsonArray(
            TokenizerJson.Added(256, "<x>"), TokenizerJson.Added(257, "<x><y>", special: false),
            TokenizerJson.Added(258, "[r]", rstrip: true), TokenizerJson.Added(259, "[l]", lstrip: true), TokenizerJson.Added(260, "word", singleWord: true));
        var tokenizer = TokenizerJson.Load(document);
        Assert.Equal([257, 256], tokenizer.Encode("<x><y><x>", false));
        Assert.Equal([258, 259], tokenizer.Encode("[r]  \n [l]", false));
        Assert.Equal([260, tokenizer.Encode(" ", false).Single(), .. tokenizer.Encode("s", false)], tokenizer.Encode("word s", false));
        Assert.Equal(5, tokenizer.Encode("words", false).Length);
        Assert.Equal("<x><y>", tokenizer.Decode([256, 257, 256], skipSpecialTokens: true)[..6]);
    }

    [Theory]
    [InlineData("normalizer", """{"type": "NFC"}""", "tokenizer.json: 'normalizer' is NFC")]
    [InlineData("decoder", """{"type": "Metaspace"}""", "'decoder' is Metaspace")]
    [InlineData("pre_tokenizer", "null", "'pre_tokenizer' is missing")]
    [InlineData("pre_tokenizer", """{"type": "Metaspace"}""", "'pre_tokenizer' has no ByteLevel step (it is Metaspace)")]
    [InlineData("pre_tokenizer", """{"type": "Sequence", "pretokenizers": [{"type": "Punctuation"}, {"type": "ByteLevel"}]}""", "'pre_tokenizer.pretokenizers[0]' is Punctuation")]
    [InlineData("pre_tokenizer", """{"type": "Sequence", "pretokenizers": [{"type": "Split", "pattern": {"Regex": "("}, "behavior": "Isolated"}, {"type": "ByteLevel"}]}""", "'pre_tokenizer.pretokenizers[0].pattern' is a regular expression that .NET does not know")]
    [InlineData("pre_tokenizer", """{"type": "Sequence", "pretokenizers": [{"type": "Split", "pattern": {"Regex": "a"}, "behavior": "MergedWithNext"}, {"type": "ByteLevel"}]}""", "'pre_tokenizer.pretokenizers[0].behavior' is MergedWithNext")]
    [InlineData("post_processor", """{"type": "BertProcessing"}""", "'post_processor' is BertProcessing")]
    [InlineData("model", """{"type": "Unigram", "vocab": []}""", "'model.type' is Unigram")]
    [InlineData("model", """{"type": "WordPiece"}""", "'model.type' is WordPiece")]
    [InlineData("model", """{"type": "BPE", "byte_fallback": true, "vocab": {}, "merges": []}""", "'model.byte_fallback' is set")]
    [InlineData("model", """{"type": "BPE", "merges": []}""", "'model.vocab' is missing")]
    [InlineData("model", """{"type": "BPE", "vocab": {"a": "b"}, "merges": []}""", "'model.vocab.a' is \"b\", which is not an integer")]
    public void What_it_cannot_read_is_named(string field, string value, string error)
    {
        var document = TokenizerJson.Document(TokenizerJson.Bytes, []);
        document[field] = JsonNode.Parse(value);
        Assert.Contains(error, Assert.Throws<ModelFormatException>(() => TokenizerJson.Load(document)).Message);
    }

    [Theory, InlineData("a b,a b", "ab"), InlineData("a b", "xy"), InlineData("a zz", "azz"), InlineData("ab", "ab")]
    public void Merges_that_do_not_fit_the_vocabulary_are_named(string merges, string token) =>
        Assert.Contains("'model.merges'", Assert.Throws<ModelFormatException>(() => TokenizerJson.Load(TokenizerJson.Document([.. TokenizerJson.Bytes, token], merges.Split(',')))).Message);

    [Fact]
    public void A_directory_without_a_tokenizer_is_named()
    {
        var directory = Directory.CreateTempSubdirectory();
        Assert.Contains(Path.Combine(directory.FullName, "tokenizer.json"), Assert.Throws<ModelFormatException>(() => Tokenizer.Load(directory.FullName)).Message);
        File.WriteAllText(Path.Combine(directory.FullName, "tokenizer.json"), "{");
        Assert.Contains("tokenizer.json: ", Assert.Throws<ModelFormatException>(() => Tokenizer.Load(directory.FullName)).Message);
        directory.Delete(recursive: true);
    }

    static string[] Pieces(string text, JsonObject preTokenizer)
    {
        var document = TokenizerJson.Document(TokenizerJson.Bytes, []);
        document["pre_tokenizer"] = preTokenizer;
        using var json = System.Text.Json.JsonDocument.Parse(document.ToJsonString());
        var steps = TokenizerFile.Read(new("tokenizer.json", json.RootElement)).PreTokenizers;
        return [.. steps.Aggregate((IEnumerable<string>)[text], (pieces, step) => pieces.SelectMany(step.Split))];
    }

    static JsonObject Sequence(params JsonObject[] steps) => new() { ["type"] = "Sequence", ["pretokenizers"] = new JsonArray([.. steps]) };

    static JsonObject Split(string kind, string pattern, string behavior = "Isolated", bool invert = false) =>
        new() { ["type"] = "Split", ["pattern"] = new JsonObject { [kind] = pattern }, ["behavior"] = behavior, ["invert"] = invert };

    static JsonObject ByteLevel(bool useRegex = false, bool prefixSpace = false) =>
        new() { ["type"] = "ByteLevel", ["add_prefix_space"] = prefixSpace, ["use_regex"] = useRegex };
}
