namespace Spark.Engine;

/// <summary>Finds a model's chat templates by name: <c>default</c>, and perhaps <c>tool_use</c>.</summary>
internal static class ChatTemplateFiles
{
    public static IReadOnlyDictionary<string, string>? Read(string modelDirectory, string? chosen)
    {
        if (chosen is not null)
            return Default(Chosen(chosen));
        var jinja = Path.Combine(modelDirectory, "chat_template.jinja");
        if (File.Exists(jinja))
            return Default(File.ReadAllText(jinja));
        return Named(TokenizerConfig.Read(modelDirectory, "chat_template.json")?.Get("chat_template"))
            ?? Named(TokenizerConfig.Read(modelDirectory, "tokenizer_config.json")?.Get("chat_template"));
    }

    static string Chosen(string chosen)
    {
        if (File.Exists(chosen))
            return File.ReadAllText(chosen);
        return chosen.AsSpan().ContainsAny('{', '}', '\n')
            ? chosen
            : throw new ModelFormatException($"--chat-template {chosen}: there is no such file, and it is no template either.");
    }

    static Dictionary<string, string>? Named(JsonField? field)
    {
        if (field is null)
            return null;
        if (!field.IsArray)
            return Default(field.Text);
        var named = field.Items.ToDictionary(t => t.Required("name").Text, t => t.Required("template").Text);
        return named.ContainsKey("default") ? named : throw field.Error($"has no template named default (it has {string.Join(", ", named.Keys)}); choose one with --chat-template");
    }

    static Dictionary<string, string> Default(string template) => new Dictionary<string, string> { ["default"] = template };
}
