using System.Net;
using System.Text.Json;

namespace Spark.Engine.Tests;

public class TellingAboutItself(TalesServer tales)
{
    [Fact]
    public async Task Models_are_listed_under_every_name_they_are_served_by()
    {
        var text = await tales.Server.Client.GetStringAsync("/v1/models");
        var models = ServerUnderTest.Parse(text).GetProperty("data");
        Assert.Equal(["tales", "tales-25m"], models.EnumerateArray().Select(m => m.GetProperty("id").GetString()));
        var (created, permission) = (models[0].GetProperty("created").GetInt64(), models[0].GetProperty("permission")[0].GetProperty("id").GetString());
        Assert.StartsWith(
            $$"""{"object":"list","data":[{"id":"tales","object":"model","created":{{created}},"owned_by":"vllm","root":{{JsonSerializer.Serialize(Repository.Tales)}},"parent":null,"max_model_len":2048,"permission":[{"id":"{{permission}}","object":"model_permission","created":{{created}},"allow_create_engine":false,"allow_sampling":true,"allow_logprobs":true,"allow_search_indices":false,"allow_view":true,"allow_fine_tuning":false,"organization":"*","group":null,"is_blocking":false}]},""",
            text);
        Assert.Matches("^modelperm-[0-9a-f]{32}$", permission);
    }

    [Theory]
    [InlineData("/version", """{"version":"0.13.0"}"""), InlineData("/health", ""), InlineData("/ping", "")]
    public async Task Version_and_health_answer(string path, string body) => Assert.Equal(body, await tales.Server.Client.GetStringAsync(path));

    [Fact]
    public async Task A_response_carries_the_first_name_whichever_was_asked_for()
    {
        foreach (var model in (string[])["tales", "tales-25m", ""])
            Assert.Equal("tales", (await tales.Server.JsonAsync("/v1/completions", $$"""{"model": "{{model}}", "prompt": "a", "max_tokens": 1}""")).GetProperty("model").GetString());
    }

    [Fact]
    public async Task Texts_and_conversations_are_tokenized_and_tokens_made_text_again()
    {
        var golden = GoldenCase.All[0];
        using var response = await tales.Server.PostAsync("/tokenize", """{"prompt": "a king"}""");
        var ids = Tales.Tokenizer.Encode("a king", true);
        Assert.Equal($$"""{"count":{{ids.Length}},"max_model_len":2048,"tokens":[{{string.Join(',', ids)}}],"token_strs":null}""", await response.Content.ReadAsStringAsync());
        Assert.Equal(golden.Ids[1..], Ints(await tales.Server.JsonAsync("/tokenize", $$"""{"prompt": {{JsonSerializer.Serialize(golden.Prompt)}}, "add_special_tokens": false}"""), "tokens"));
        Assert.Equal(golden.Ids, Ints(await tales.Server.JsonAsync("/tokenize", $$"""{"messages": [{"role": "user", "content": {{JsonSerializer.Serialize(golden.Prompt)}}}]}"""), "tokens"));
        var pieces = (await tales.Server.JsonAsync("/tokenize", """{"prompt": " the", "return_token_strs": true}""")).GetProperty("token_strs");
        Assert.Equal(["<|begin_of_text|>", "Ġthe"], pieces.EnumerateArray().Select(p => p.GetString()));
        using var text = await tales.Server.PostAsync("/detokenize", $$"""{"tokens": [{{string.Join(',', golden.Ids)}}]}""");
        Assert.Equal($$"""{"prompt":"<|begin_of_text|>{{golden.Prompt}}"}""", await text.Content.ReadAsStringAsync());
        using var unknown = await tales.Server.PostAsync("/detokenize", """{"tokens": [4096]}""");
        Assert.Equal("Token id 4096 is out of vocabulary", ServerUnderTest.Parse(await unknown.Content.ReadAsStringAsync()).GetProperty("error").GetProperty("message").GetString());
    }

    [Fact]
    public async Task Keys_guard_v1_alone()
    {
        await using var server = await ServerUnderTest.StartAsync(new ScriptedEngine(r => ScriptedEngine.Say(r, "so")), o => o with { ApiKeys = ["secret", "other"] });
        foreach (var header in (string?[])[null, "Bearer wrong", "Basic secret", "secret", "Bearer  secret"])
        {
            using var refused = await SendAsync(server, "/v1/models", header);
            Assert.Equal((HttpStatusCode.Unauthorized, """{"error":"Unauthorized"}"""), (refused.StatusCode, await refused.Content.ReadAsStringAsync()));
        }
        foreach (var header in (string[])["Bearer secret", "bearer other"])
            Assert.Equal(HttpStatusCode.OK, (await SendAsync(server, "/v1/models", header)).StatusCode);
        foreach (var path in (string[])["/health", "/metrics", "/version"])
            Assert.Equal(HttpStatusCode.OK, (await SendAsync(server, path, null)).StatusCode);
    }

    [Fact]
    public async Task The_request_id_comes_back_in_a_header_where_that_is_wanted()
    {
        await using var server = await ServerUnderTest.StartAsync(new ScriptedEngine(r => ScriptedEngine.Say(r, "so")), o => o with { EnableRequestIdHeaders = true });
        using var request = new HttpRequestMessage(HttpMethod.Get, "/health") { Headers = { { "X-Request-Id", "abc" } } };
        Assert.Equal(["abc"], (await server.Client.SendAsync(request)).Headers.GetValues("X-Request-Id"));
        Assert.Matches("^[0-9a-f]{32}$", (await server.Client.GetAsync("/nowhere")).Headers.GetValues("X-Request-Id").Single());
        Assert.False((await tales.Server.Client.GetAsync("/health")).Headers.Contains("X-Request-Id"));
    }

    [Fact]
    public void The_models_own_sampling_parameters_are_read()
    {
        Assert.Equal(new() { Temperature = 0.8, TopP = 0.95 }, GenerationDefaults.Load(Repository.Tales));
        Assert.Equal(new(), GenerationDefaults.Load(Repository.M14));
    }

    static Task<HttpResponseMessage> SendAsync(ServerUnderTest server, string path, string? authorization)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (authorization is not null)
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        return server.Client.SendAsync(request);
    }

    static int[] Ints(JsonElement parent, string name) => [.. parent.GetProperty(name).EnumerateArray().Select(e => e.GetInt32())];
}
