namespace Spark.Engine;

/// <summary>
/// How a conversation becomes a prompt: the template that the model brings, or that <c>--chat-template</c> names.
/// A base model brings none; its prompt is then <see cref="Plain"/>, and the model goes on from the last message.
/// </summary>
public sealed class ChatTemplate
{
    /// <summary>The begin-of-text token, then the messages' contents with an empty line between them, and no roles: what a model that never saw a chat can go on from.</summary>
    public const string Plain = "{{ bos_token }}{% for message in messages %}{{ message.content }}{% if not loop.last %}{{ '\\n\\n' }}{% endif %}{% endfor %}";

    readonly IReadOnlyDictionary<string, object?> specialTokens;
    readonly Lazy<JinjaTemplate> template;
    readonly Lazy<JinjaTemplate> templateWithTools;
    readonly TimeProvider clock;

    ChatTemplate(IReadOnlyDictionary<string, string> templates, IReadOnlyDictionary<string, string> specialTokens, TimeProvider clock)
    {
        this.clock = clock;
        this.specialTokens = specialTokens.ToDictionary(t => t.Key, t => (object?)t.Value);
        template = new(() => JinjaTemplate.Parse(templates["default"]));
        templateWithTools = templates.TryGetValue("tool_use", out var withTools) ? new(() => JinjaTemplate.Parse(withTools)) : template;
    }

    /// <param name="modelDirectory">Holds the model's own template, if it has one.</param>
    /// <param name="chosen">A file, or the template itself, to use in its place.</param>
    /// <param name="specialTokens">Variables of the template, such as <c>bos_token</c>.</param>
    /// <param name="clock">Dates the prompt, where the template wants that.</param>
    /// <exception cref="ModelFormatException">The template cannot be found where it was said to be.</exception>
    public static ChatTemplate Load(string modelDirectory, string? chosen, IReadOnlyDictionary<string, string> specialTokens, TimeProvider? clock = null) =>
        new(ChatTemplateFiles.Read(modelDirectory, chosen) ?? new Dictionary<string, string> { ["default"] = Plain }, specialTokens, clock ?? TimeProvider.System);

    /// <summary>Whether messages keep their contents as lists of parts; otherwise their texts are joined into one.</summary>
    /// <exception cref="JinjaException">The template cannot be read.</exception>
    public bool WantsParts => template.Value.LoopsOverContent;

    /// <param name="messages">Each a map with at least a role and a content.</param>
    /// <param name="tools">Null where the request names none.</param>
    /// <param name="addGenerationPrompt">Whether the prompt ends with the head of the answer.</param>
    /// <param name="more">Further variables.</param>
    /// <exception cref="JinjaException">The template cannot be read or rendered, or has itself raised an error.</exception>
    public string Render(List<object?> messages, object? tools, bool addGenerationPrompt, IEnumerable<KeyValuePair<string, object?>> more) =>
        (tools is null ? template : templateWithTools).Value.Render(
            [
                .. specialTokens,
                new("messages", messages),
                new("tools", tools),
                new("documents", null),
                new("add_generation_prompt", addGenerationPrompt),
                .. more,
            ],
            clock);

    /// <summary>Cuts a rendered prompt after its last message, which the model then continues; as transformers does for <c>continue_final_message</c>.</summary>
    /// <exception cref="JinjaException">The last message is not in the prompt.</exception>
    public static string UpToFinalMessage(string prompt, string finalMessage)
    {
        var at = prompt.LastIndexOf(finalMessage.Trim(), StringComparison.Ordinal);
        if (at < 0)
            throw new JinjaException("continue_final_message is set, and the template does not show the final message as it is");
        var untrimmed = finalMessage.TrimStart();
        return string.CompareOrdinal(prompt, at, untrimmed, 0, untrimmed.Length) == 0 ? prompt[..(at + untrimmed.Length)] : prompt[..(at + finalMessage.Trim().Length)];
    }
}
