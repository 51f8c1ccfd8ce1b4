using System.Text.Json;

namespace Spark.Engine;

/// <summary>A conversation, and how the template is to render it.</summary>
internal sealed record ChatPrompt
{
    public required List<JsonElement> Messages { get; init; }
    public required object? Tools { get; init; }
    public required bool AddGenerationPrompt { get; init; }
    public required bool ContinueFinalMessage { get; init; }
    public required bool AddSpecialTokens { get; init; }

    /// <summary>Further variables for the template: documents, and whatever <c>chat_template_kwargs</c> holds.</summary>
    public required List<KeyValuePair<string, object?>> Variables { get; init; }

    public static ChatPrompt Read(RequestFields fields)
    {
        if (fields.IsTruthy("continue_final_message") && fields.IsTruthy("add_generation_prompt"))
            fields.Refuse("Cannot set both `continue_final_message` and `add_generation_prompt` to True.");
        var kwargs = fields.Maybe<JsonElement>("chat_template_kwargs", FieldRules.Map)?.EnumerateObject().Select(m => KeyValuePair.Create(m.Name, JinjaValue.FromJson(m.Value))).ToList() ?? [];
        if (fields.Raw("chat_template") is not null || kwargs.Any(k => k is { Key: "chat_template", Value: not null }))
            throw ApiException.BadRequest("Chat template is passed with request, but --trust-request-chat-template is not set. Refused request with untrusted chat template.");
        if (fields.Raw("documents") is { } documents)
            kwargs.Insert(0, new("documents", JinjaValue.FromJson(documents)));
        return new()
        {
            Messages = fields.Required("messages", FieldRules.ListOf<JsonElement>(Message), []),
            Tools = fields.Raw("tools") is { } tools ? JinjaValue.FromJson(tools) : null,
            AddGenerationPrompt = fields.Get("add_generation_prompt", FieldRules.Flag, true),
            ContinueFinalMessage = fields.Get("continue_final_message", FieldRules.Flag, false),
            AddSpecialTokens = fields.Get("add_special_tokens", FieldRules.Flag, false),
            Variables = kwargs,
        };
    }

    public string Role => Messages[^1].GetProperty("role").GetString()!;

    static bool Message(JsonElement value, FieldProblems problems, out JsonElement message)
    {
        if (!FieldRules.Map(value, problems, out message))
            return false;
        if (!value.TryGetProperty("role", out var role))
            problems.Refuse("missing", "Field required", value);
        else if (FieldRules.String(role, problems, out _))
            return true;
        problems.Within("role", problems.Count - 1);
        return false;
    }
}
