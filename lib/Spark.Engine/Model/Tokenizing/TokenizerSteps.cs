using System.Text.RegularExpressions;

namespace Spark.Engine;

/// <summary>Reads <c>pre_tokenizer</c>: Split, Digits and ByteLevel, alone or in a Sequence.</summary>
internal static class TokenizerSteps
{
    public static IReadOnlyList<PreTokenizer> Read(JsonField field)
    {
        var steps = Flatten(field).ToList();
        if (!steps.Any(s => s.Type == "ByteLevel"))
            throw field.Error($"has no ByteLevel step (it is {string.Join(", ", steps.Select(s => s.Type))}); only byte-level BPE is known here");
        return [.. steps.Select(Step)];
    }

    static IEnumerable<JsonField> Flatten(JsonField field) =>
        field.Type == "Sequence" ? field.Required("pretokenizers").Items.SelectMany(Flatten) : [field];

    static PreTokenizer Step(JsonField field) => field.Type switch
    {
        "Split" => Split(field),
        "Digits" => new(new Regex(field.Get("individual_digits") is { IsSet: true } ? @"\p{N}" : @"\p{N}+")),
        "ByteLevel" => new(
            field.Get("use_regex") is null or { IsSet: true } ? new Regex(PreTokenizer.Gpt2Pattern) : null,
            prefixSpace: field.Get("add_prefix_space") is { IsSet: true }),
        var type => throw field.Error($"is {type}; Split, Digits and ByteLevel are known here"),
    };

    static PreTokenizer Split(JsonField field)
    {
        var inverted = field.Get("invert") is { IsSet: true };
        var dropGaps = field.Required("behavior") switch
        {
            { Text: "Isolated" } => false,
            { Text: "Removed" } when inverted => true,
            var behavior => throw behavior.Error($"is {behavior.Text}{(inverted ? "" : " without invert")}; Isolated and inverted Removed are known here"),
        };
        var pattern = field.Required("pattern");
        try
        {
            return new(new Regex(pattern.Get("Regex")?.Text ?? Regex.Escape(pattern.Required("String").Text), RegexOptions.CultureInvariant), dropGaps);
        }
        catch (RegexParseException e)
        {
            throw pattern.Error($"is a regular expression that .NET does not know ({e.Message})");
        }
    }
}
