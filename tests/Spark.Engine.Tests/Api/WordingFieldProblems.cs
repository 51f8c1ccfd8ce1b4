using System.Text.Json;

namespace Spark.Engine.Tests;

public class WordingFieldProblems
{
    static readonly JsonElement Golden = RenderingJinja.Read("field-problems.json").GetProperty("cases");

    public static TheoryData<string, string?> Cases =>
        [.. Golden.EnumerateArray().Select(c => (c.GetProperty("body").GetRawText(), c.GetProperty("message").GetString()))];

    [Theory, MemberData(nameof(Cases))]
    public void Fields_are_read_and_refused_as_pydantic_does(string body, string? message)
    {
        var fields = ServerUnderTest.Parse(body);
        var withPrompt = fields.TryGetProperty("prompt", out _) ? fields : ServerUnderTest.Parse($$"""{"prompt": "a", {{body[1..]}}""");
        if (fields.TryGetProperty("stream_options", out _))
            withPrompt = ServerUnderTest.Parse($$"""{"prompt": "a", "stream": true, {{body[1..]}}""");
        if (message is null)
            CompletionRequest.Read(withPrompt);
        else
            Assert.Equal(message, Assert.Throws<ApiException>(() => CompletionRequest.Read(withPrompt)).Message);
    }

    [Fact]
    public void What_is_missing_is_named()
    {
        Assert.Equal("[{'type': 'missing', 'loc': ('body', 'messages'), 'msg': 'Field required', 'input': {'model': 'x'}}]", Refusal("""{"model": "x"}"""));
        Assert.Equal("[{'type': 'missing', 'loc': ('body', 'messages', 1, 'role'), 'msg': 'Field required', 'input': {'content': 'a'}}]", Refusal("""{"messages": [{"role": "user", "content": "a"}, {"content": "a"}]}"""));
        Assert.Equal("[{'type': 'dict_type', 'loc': ('body', 'messages', 0), 'msg': 'Input should be a valid dictionary', 'input': 'hi'}]", Refusal("""{"messages": ["hi"]}"""));
    }

    [Fact]
    public void A_long_input_is_not_shown_in_full() =>
        Assert.InRange(Refusal($$"""{"messages": "{{new string('x', 100_000)}}"}""").Length, 1000, 1200);

    static string Refusal(string body) => Assert.Throws<ApiException>(() => ChatRequest.Read(ServerUnderTest.Parse(body))).Message;
}
