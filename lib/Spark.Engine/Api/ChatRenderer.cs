using System.Text.Json;

namespace Spark.Engine;

/// <summary>Makes the prompt of a conversation, with the model's chat template.</summary>
internal sealed class ChatRenderer(Serving serving)
{
    /// <exception cref="ApiException">The conversation is empty or holds what is no text, or the template refuses it.</exception>
    public Prompt Render(ChatPrompt chat)
    {
        if (chat.Messages.Count == 0)
            throw ApiException.BadRequest("messages must hold at least one message");
        try
        {
            var messages = chat.Messages.Select(m => (object?)Message(m)).ToList();
            var text = serving.ChatTemplate.Render(messages, chat.Tools, chat.AddGenerationPrompt && !chat.ContinueFinalMessage, chat.Variables);
            if (chat.ContinueFinalMessage)
                text = ChatTemplate.UpToFinalMessage(text, LastContent(chat));
            return new(text, serving.Tokenizer.Encode(text, chat.AddSpecialTokens));
        }
        catch (JinjaException e)
        {
            throw ApiException.BadRequest(e.Message);
        }
    }

    /// <summary>The last message's text.</summary>
    public static string LastContent(ChatPrompt chat) => chat.Messages[^1].TryGetProperty("content", out var content) ? Joined(content) : "";

    OrderedDictionary<string, object?> Message(JsonElement message)
    {
        var values = (OrderedDictionary<string, object?>)JinjaValue.FromJson(message)!;
        var content = message.TryGetProperty("content", out var given) ? given : default;
        values["content"] = serving.ChatTemplate.WantsParts ? Parts(content) : Joined(content);
        if (values.GetValueOrDefault("tool_calls") is List<object?> calls)
            foreach (var function in calls.OfType<OrderedDictionary<string, object?>>().Select(c => c.GetValueOrDefault("function")).OfType<OrderedDictionary<string, object?>>())
                function["arguments"] = Arguments(function.GetValueOrDefault("arguments"));
        return values;
    }

    static List<object?> Parts(JsonElement content) => content.ValueKind == JsonValueKind.Array
        ? [.. content.EnumerateArray().Select(part => JinjaValue.Map([new("type", "text"), new("text", Text(part))]))]
        : content.ValueKind == JsonValueKind.String ? [JinjaValue.Map([new("type", "text"), new("text", content.GetString())])] : [];

    static string Joined(JsonElement content) => content.ValueKind switch
    {
        JsonValueKind.String => content.GetString()!,
        JsonValueKind.Array => string.Join('\n', content.EnumerateArray().Select(Text)),
        JsonValueKind.Null or JsonValueKind.Undefined => "",
        _ => throw ApiException.BadRequest($"a message's content must be a string or a list of parts, not {content.GetRawText()}"),
    };

    static string Text(JsonElement part) => part switch
    {
        { ValueKind: JsonValueKind.String } => part.GetString()!,
        { ValueKind: JsonValueKind.Object } when part.TryGetProperty("text", out var text) && text.ValueKind == JsonValueKind.String => text.GetString()!,
        _ => throw ApiException.BadRequest($"this model reads text alone: a part of a message's content must be {{\"type\": \"text\", \"text\": …}}, not {part.GetRawText()}"),
    };

    // Templates want a tool call's arguments as an object; OpenAI's API carries them as its JSON text.
    static object? Arguments(object? given)
    {
        if (given is not string text)
            return given ?? JinjaValue.Map([]);
        try
        {
            return text.Length == 0 ? JinjaValue.Map([]) : JinjaValue.FromJson(JsonDocument.Parse(text).RootElement);
        }
        catch (JsonException)
        {
            throw ApiException.BadRequest($"a tool call's arguments must be a JSON object, not {text}");
        }
    }
}
