using System.Text.Json;

namespace Spark.Engine.Tests;

public class RenderingJinja
{
    static readonly JsonElement Golden = Read("jinja.json").GetProperty("cases");

    public static TheoryData<int> Cases => [.. Enumerable.Range(0, Golden.GetArrayLength())];

    [Theory, MemberData(nameof(Cases))]
    public void Constructs_mean_what_they_mean_to_Jinja2(int index) =>
        Assert.Equal(Golden[index].GetProperty("text").GetString(), Render(Golden[index].GetProperty("template").GetString()!));

    [Theory]
    [InlineData("a\n{% frobnicate %}", "line 2: there is no tag 'frobnicate' here")]
    [InlineData("{{ 1 | frob }}", "line 1: there is no filter 'frob' here")]
    [InlineData("{{ 1 is frob }}", "line 1: there is no test 'frob' here")]
    [InlineData("\n\n{{ x.y }}", "line 3: 'x' is undefined, and has no 'y'")]
    [InlineData("{{ x() }}", "line 1: undefined 'x' cannot be called")]
    [InlineData("{{ {}.a.b }}", "'a' is undefined, and has no 'b'")]
    [InlineData("{{ 'a' + 1 }}", "line 1: '+' does not apply to str and int")]
    [InlineData("{{ 'a' < 1 }}", "line 1: str and int have no order")]
    [InlineData("{{ 1 // 0 }}", "line 1: division by zero")]
    [InlineData("{{ 5 in 5 }}", "line 1: int is not iterable")]
    [InlineData("{% for a, b in [[1]] %}{% endfor %}", "line 1: 1 values cannot be taken apart into a, b")]
    [InlineData("{% set x.y = 1 %}", "line 1: 'x' is no namespace")]
    [InlineData("{% if 1 %}", "the end of the template stands where 'endif' is expected")]
    [InlineData("{% endif %}", "there is no tag 'endif' here")]
    [InlineData("{{ 1 2 }}", "line 1: '2' stands where '}}' is expected")]
    [InlineData("{{ 'a }}", "line 1: a string is not closed")]
    [InlineData("{{ (1", "line 1: the tag is not closed with }}")]
    [InlineData("{{ ! }}", "line 1: '!' is unexpected")]
    [InlineData("{# a", "line 1: the comment is not closed with #}")]
    [InlineData("{% raw %}", "line 1: 'raw' is not closed with endraw")]
    [InlineData("{{ [1][::0] }}", "line 1: a slice's step cannot be zero")]
    [InlineData("{{ strftime_now('%Q') }}", "line 1: strftime_now does not know '%Q'")]
    public void What_goes_wrong_is_named_with_its_line(string template, string error) =>
        Assert.Contains(error, Assert.Throws<JinjaException>(() => Render(template)).Message);

    [Fact]
    public void A_templates_own_exception_is_its_message_and_nothing_more() =>
        Assert.Equal("no good", Assert.Throws<JinjaException>(() => Render("{{ raise_exception('no good') }}")).Message);

    [Fact]
    public void A_loop_over_content_asks_for_parts()
    {
        Assert.True(JinjaTemplate.Parse("{% for part in message['content'] %}{% endfor %}").LoopsOverContent);
        Assert.True(JinjaTemplate.Parse("{% for part in message.content if part %}{% endfor %}").LoopsOverContent);
        Assert.False(JinjaTemplate.Parse("{% for message in messages %}{{ message.content }}{% endfor %}").LoopsOverContent);
    }

    static string Render(string template) => JinjaTemplate.Parse(template).Render([], TimeProvider.System);

    internal static JsonElement Read(string file)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Golden", file)));
        return json.RootElement.Clone();
    }
}
