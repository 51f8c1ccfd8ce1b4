namespace Spark.Engine;

/// <summary>Reads <c>post_processor</c>: the ids that TemplateProcessing, alone or in a Sequence, puts around one text.</summary>
internal static class TokenizerPostProcessor
{
    public static (IReadOnlyList<int> Prefix, IReadOnlyList<int> Suffix) Read(JsonField? field)
    {
        List<int> prefix = [], suffix = [];
        foreach (var step in field is null ? [] : Flatten(field))
        {
            if (step.Type == "ByteLevel")
                continue;
            if (step.Type != "TemplateProcessing")
                throw step.Error($"is {step.Type}; TemplateProcessing and ByteLevel are known here");
            var target = prefix;
            foreach (var part in step.Required("single").Items)
            {
                if (part.Get("Sequence") is not null)
                    target = suffix;
                else
                    target.AddRange(Ids(step, part.Required("SpecialToken").Required("id").Text));
            }
        }
        return (prefix, suffix);
    }

    static IEnumerable<JsonField> Flatten(JsonField field) =>
        field.Type == "Sequence" ? field.Required("processors").Items.SelectMany(Flatten) : [field];

    static IEnumerable<int> Ids(JsonField step, string token) => step.Required("special_tokens").Required(token).Required("ids").Items.Select(i => i.Int);
}
