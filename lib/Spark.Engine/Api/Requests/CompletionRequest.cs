using System.Text.Json;

namespace Spark.Engine;

/// <summary>A prompt as a request gives it: text, or token ids.</summary>
internal readonly record struct PromptInput(string? Text, List<long>? TokenIds);

/// <summary>The body of <c>/v1/completions</c>.</summary>
internal sealed record CompletionRequest
{
    public required List<PromptInput> Prompts { get; init; }

    /// <summary>Null asks for all that the context leaves.</summary>
    public required long? MaxTokens { get; init; }
    public required bool Echo { get; init; }
    public required long? Logprobs { get; init; }
    public required bool AddSpecialTokens { get; init; }
    public required GenerationFields Generation { get; init; }

    static readonly FieldRule<List<PromptInput>> PromptRule = FieldRules.OneOf<List<PromptInput>>(
        ("list[int]", Tokens), ("list[list[int]]", ManyTokens), ("str", Text), ("list[str]", Texts));

    /// <exception cref="ApiException">In pydantic's words what is wrong with the body's shape.</exception>
    public static CompletionRequest Read(JsonElement body)
    {
        var fields = new RequestFields(body);
        if (fields.Raw("prompt_embeds") is null && (fields.Raw("prompt") is not { } prompt || prompt.ValueKind == JsonValueKind.String && prompt.ValueEquals("")))
            fields.Refuse("Either prompt or prompt_embeds must be provided and non-empty.");
        if (fields.Raw("logprobs") is { ValueKind: JsonValueKind.Number } asked && asked.GetDouble() < 0)
            fields.Refuse("`logprobs` must be a positive value.");
        var request = new CompletionRequest
        {
            Prompts = fields.List("prompt", PromptRule),
            Echo = fields.Maybe<bool>("echo", FieldRules.Flag) ?? false,
            Logprobs = fields.Maybe<long>("logprobs", FieldRules.Int),
            MaxTokens = fields.Has("max_tokens") ? fields.Maybe<long>("max_tokens", FieldRules.Int) : 16,
            AddSpecialTokens = fields.Get("add_special_tokens", FieldRules.Flag, true),
            Generation = GenerationFields.Read(fields) with { N = fields.Get("n", FieldRules.Int, 1L) },
        };
        fields.ThrowIfAnyProblem();
        return request;
    }

    static bool Text(JsonElement value, FieldProblems problems, out List<PromptInput> prompts) => Map(FieldRules.String(value, problems, out var text), [text], t => new(t, null), out prompts);

    static bool Texts(JsonElement value, FieldProblems problems, out List<PromptInput> prompts) =>
        Map(FieldRules.ListOf<string>(FieldRules.String)(value, problems, out var texts), texts, t => new(t, null), out prompts);

    static bool Tokens(JsonElement value, FieldProblems problems, out List<PromptInput> prompts) =>
        Map(FieldRules.ListOf<long>(FieldRules.Int)(value, problems, out var tokens), [tokens], t => new(null, t), out prompts);

    static bool ManyTokens(JsonElement value, FieldProblems problems, out List<PromptInput> prompts) =>
        Map(FieldRules.ListOf(FieldRules.ListOf<long>(FieldRules.Int))(value, problems, out var lists), lists, t => new(null, t), out prompts);

    static bool Map<T>(bool isOfTheKind, List<T> values, Converter<T, PromptInput> prompt, out List<PromptInput> prompts)
    {
        prompts = isOfTheKind ? values.ConvertAll(prompt) : [];
        return isOfTheKind;
    }
}
