using System.Text.Json;

namespace Spark.Engine;

/// <summary>The body of <c>/v1/chat/completions</c>; <c>/tokenize</c> reads the part that makes the prompt.</summary>
internal sealed record ChatRequest
{
    public required GenerationFields Generation { get; init; }
    public required ChatPrompt Prompt { get; init; }

    /// <summary>Null asks for all that the context leaves.</summary>
    public required long? MaxTokens { get; init; }
    public required bool Echo { get; init; }

    /// <summary>How many alternatives to show beside each token; null shows no probabilities at all.</summary>
    public required long? TopLogprobs { get; init; }

    /// <exception cref="ApiException">In pydantic's words what is wrong with the body's shape.</exception>
    public static ChatRequest Read(JsonElement body)
    {
        var fields = new RequestFields(body);
        if (fields.Raw("top_logprobs") is { ValueKind: JsonValueKind.Number } asked && asked.GetDouble() is var top)
        {
            if (top is < 0 and not -1)
                fields.Refuse("`top_logprobs` must be a positive value or -1.");
            if (top != 0 && !fields.IsTruthy("logprobs"))
                fields.Refuse("when using `top_logprobs`, `logprobs` must be set to true.");
        }
        if (fields.Raw("tool_choice") is not null and not { ValueKind: JsonValueKind.String } || fields.Raw("tool_choice") is { } choice && !choice.ValueEquals("none"))
            if (fields.Raw("tools") is null)
                fields.Refuse("When using `tool_choice`, `tools` must be set.");
        var maxTokens = fields.Maybe<long>("max_tokens", FieldRules.Int);
        var maxCompletionTokens = fields.Maybe<long>("max_completion_tokens", FieldRules.Int);
        var topLogprobs = fields.Has("top_logprobs") ? fields.Maybe<long>("top_logprobs", FieldRules.Int) : 0;
        var request = new ChatRequest
        {
            Generation = GenerationFields.Read(fields) with { N = fields.Maybe<long>("n", FieldRules.Int) ?? 1 },
            Prompt = ChatPrompt.Read(fields),
            MaxTokens = maxCompletionTokens is null or 0 ? maxTokens : maxCompletionTokens,
            Echo = fields.Get("echo", FieldRules.Flag, false),
            TopLogprobs = fields.Maybe<bool>("logprobs", FieldRules.Flag) ?? false ? topLogprobs : null,
        };
        fields.ThrowIfAnyProblem();
        return request;
    }
}
