using System.Net;

namespace Spark.Engine.Tests;

public class FailingEngines
{
    static readonly EngineDeadException Dead = new(new InvalidOperationException("out of luck"));

    [Theory, InlineData("/v1/completions", """ "prompt": "a" """), InlineData("/v1/chat/completions", """ "messages": [{"role": "user", "content": "a"}] """)]
    public async Task A_request_that_fails_in_the_engine_is_a_500_and_within_a_stream_an_event(string path, string fields)
    {
        await using var server = await ServerUnderTest.StartAsync(new ScriptedEngine(r => ScriptedEngine.Say(r, [79, 83], FinishReason.Error)) { Pace = StreamingText.OneByOne });
        const string error = """{"error":{"message":"Internal server error","type":"InternalServerError","param":null,"code":500}}""";
        using var response = await server.PostAsync(path, $"{{{fields}}}");
        Assert.Equal((HttpStatusCode.InternalServerError, error), (response.StatusCode, await response.Content.ReadAsStringAsync()));
        Assert.Equal([error, "[DONE]"], (await server.EventsAsync(path, $$"""{"stream": true, "stream_options": {"include_usage": true}, {{fields}} }""")).TakeLast(2));
    }

    [Fact]
    public async Task A_dead_engine_answers_500_and_is_not_healthy()
    {
        var engine = new ScriptedEngine(ScriptedEngine.Drone);
        await using var server = await ServerUnderTest.StartAsync(engine);
        Assert.Equal((HttpStatusCode.OK, ""), await HealthAsync(server, "/health"));
        engine.Failure = Dead;
        Assert.Equal((HttpStatusCode.ServiceUnavailable, ""), await HealthAsync(server, "/health"));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, ""), await HealthAsync(server, "/ping"));
        foreach (var stream in (string[])["true", "false"])
        {
            using var response = await server.PostAsync("/v1/completions", $$"""{"prompt": "a", "stream": {{stream}}}""");
            Assert.Equal(
                (HttpStatusCode.InternalServerError, """{"error":{"message":"The engine stopped: out of luck","type":"Internal Server Error","param":null,"code":500}}"""),
                (response.StatusCode, await response.Content.ReadAsStringAsync()));
        }
    }

    [Fact]
    public async Task An_engine_that_dies_ends_the_stream_with_its_error()
    {
        await using var server = await ServerUnderTest.StartAsync(new ScriptedEngine(r => ScriptedEngine.Drone(r).Take(3).Concat(Throw())) { Pace = StreamingText.OneByOne });
        var events = await server.EventsAsync("/v1/completions", """{"prompt": ["a", "b"], "stream": true}""");
        Assert.Equal("""{"error":{"message":"The engine stopped: out of luck","type":"Internal Server Error","param":null,"code":500}}""", events[^2]);
        Assert.Equal("[DONE]", events[^1]);

        static IEnumerable<EngineOutput> Throw() => throw Dead;
    }

    [Fact]
    public async Task The_first_choice_to_fail_ends_the_others()
    {
        var engine = new ScriptedEngine(r => r.Id.StartsWith('1') ? ScriptedEngine.Say(r, [79], FinishReason.Error) : ScriptedEngine.Drone(r)) { Pace = StreamingText.OneByOne };
        await using var server = await ServerUnderTest.StartAsync(engine);
        using var response = await server.PostAsync("/v1/completions", """{"prompt": "a", "n": 3, "request_id": "r"}""");
        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Equal(["0_cmpl-r-0", "2_cmpl-r-0"], engine.Aborted.Order());
    }

    [Fact]
    public async Task An_aborted_request_says_so()
    {
        await using var server = await ServerUnderTest.StartAsync(new ScriptedEngine(r => [new() { RequestId = r.Id, Times = default, FinishReason = FinishReason.Abort }]));
        var choice = (await server.JsonAsync("/v1/completions", """{"prompt": "a"}""")).GetProperty("choices")[0];
        Assert.Equal(("", "abort"), (choice.GetProperty("text").GetString(), choice.GetProperty("finish_reason").GetString()));
    }

    static async Task<(HttpStatusCode, string)> HealthAsync(ServerUnderTest server, string path)
    {
        using var response = await server.Client.GetAsync(path);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}
