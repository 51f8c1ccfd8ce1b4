using System.Text.Json;
using Microsoft.Extensions.Time.Testing;

namespace Spark.Engine.Tests;

public class TemplatesOfModelFamilies
{
    static readonly JsonElement Golden = RenderingJinja.Read("chat-templates.json");
    static readonly JsonElement All = Golden.GetProperty("cases");
    static readonly FakeTimeProvider Clock = new(new(2025, 3, 7, 9, 5, 0, TimeSpan.Zero));
    static readonly Dictionary<string, string> SpecialTokens = new() { ["bos_token"] = "<s>", ["eos_token"] = "</s>" };

    public static TheoryData<string, string> Cases =>
        [.. All.EnumerateArray().Select(c => (c.GetProperty("template").GetString()!, c.GetProperty("conversation").GetString()!))];

    [Theory, MemberData(nameof(Cases))]
    public void Prompts_are_those_of_Jinja2(string template, string conversation)
    {
        var golden = All.EnumerateArray().Single(c => c.GetProperty("template").GetString() == template && c.GetProperty("conversation").GetString() == conversation);
        var variables = (OrderedDictionary<string, object?>)JinjaValue.FromJson(Golden.GetProperty("conversations").GetProperty(conversation))!;
        if (golden.TryGetProperty("error", out var error))
            Assert.Equal(error.GetString(), Assert.Throws<JinjaException>(() => Render(template, variables)).Message);
        else
            Assert.Equal(golden.GetProperty("text").GetString(), Render(template, variables));
    }

    [Fact]
    public void A_model_without_a_template_goes_on_from_the_messages_as_they_are()
    {
        var template = ChatTemplate.Load(Repository.Tales, null, Tales.Tokenizer.SpecialTokens);
        Assert.Equal("<|begin_of_text|>You tell tales.\n\nOnce upon a time", template.Render([Message("system", "You tell tales."), Message("user", "Once upon a time")], null, true, []));
        Assert.False(template.WantsParts);
    }

    [Fact]
    public void The_template_comes_from_where_the_model_keeps_it()
    {
        var directory = Directory.CreateTempSubdirectory().FullName;
        string Rendered(string? chosen = null, object? tools = null) => ChatTemplate.Load(directory, chosen, SpecialTokens).Render([], tools, true, []);

        File.WriteAllText(Path.Combine(directory, "tokenizer_config.json"), """{"chat_template": "config"}""");
        Assert.Equal("config", Rendered());
        File.WriteAllText(Path.Combine(directory, "tokenizer_config.json"), """{"chat_template": [{"name": "default", "template": "named"}, {"name": "tool_use", "template": "tools"}]}""");
        Assert.Equal(("named", "tools"), (Rendered(), Rendered(tools: new List<object?>())));
        File.WriteAllText(Path.Combine(directory, "chat_template.json"), """{"chat_template": "json"}""");
        Assert.Equal("json", Rendered());
        File.WriteAllText(Path.Combine(directory, "chat_template.jinja"), "jinja");
        Assert.Equal("jinja", Rendered());
        File.WriteAllText(Path.Combine(directory, "mine.txt"), "mine {{ eos_token }}");
        Assert.Equal("mine </s>", Rendered(Path.Combine(directory, "mine.txt")));
        Assert.Equal("inline <s>", Rendered("inline {{ bos_token }}"));
        Assert.Contains("--chat-template nowhere.jinja", Assert.Throws<ModelFormatException>(() => Rendered("nowhere.jinja")).Message);
        Directory.Delete(directory, recursive: true);
    }

    [Theory]
    [InlineData("<s>a: Hello wor</s>", "Hello wor", "<s>a: Hello wor")]
    [InlineData("<s>a: Hello </s>", " Hello ", "<s>a: Hello ")]
    [InlineData("<s>a: Hello</s>", "Hello ", "<s>a: Hello")]
    public void A_prompt_ends_in_the_message_that_is_to_be_continued(string prompt, string message, string expected) =>
        Assert.Equal(expected, ChatTemplate.UpToFinalMessage(prompt, message));

    static string Render(string template, OrderedDictionary<string, object?> variables) =>
        ChatTemplate.Load(".", Path.Combine(AppContext.BaseDirectory, "Golden", "templates", $"{template}.jinja"), SpecialTokens, Clock).Render(
            (List<object?>)variables["messages"]!,
            variables.GetValueOrDefault("tools"),
            variables["add_generation_prompt"] is true,
            variables.Where(v => v.Key is not ("messages" or "tools" or "add_generation_prompt")));

    static OrderedDictionary<string, object?> Message(string role, string content) => new() { ["role"] = role, ["content"] = content };
}
