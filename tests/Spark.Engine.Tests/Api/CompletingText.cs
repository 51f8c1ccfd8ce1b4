using System.Text.Json;

namespace Spark.Engine.Tests;

public class CompletingText(TalesServer tales)
{
    static readonly GoldenCase Once = GoldenCase.All[0];

    [Fact]
    public async Task The_greedy_continuations_are_those_of_transformers()
    {
        foreach (var golden in GoldenCase.All.Where(g => g.SmallestMargin > 1e-3))
        {
            var choice = await ChoiceAsync($$"""{"prompt": [{{JsonSerializer.Serialize(golden.Prompt)}}], "max_tokens": 64, "temperature": 0, "ignore_eos": true, "return_token_ids": true}""");
            Assert.Equal(golden.Ids, Ints(choice.GetProperty("prompt_token_ids")));
            Assert.Equal(golden.GreedyIds, Ints(choice.GetProperty("token_ids")));
            Assert.Equal(Tales.Tokenizer.Decode(golden.GreedyIds, true), choice.GetProperty("text").GetString());
        }
    }

    [Fact]
    public async Task The_response_has_vLLMs_fields_in_vLLMs_order()
    {
        using var response = await tales.Server.PostAsync("/v1/completions", Body(""" "temperature": 0, "max_tokens": 3, "request_id": "mine" """));
        Assert.Equal("application/json", response.Content.Headers.ContentType!.ToString());
        var text = await response.Content.ReadAsStringAsync();
        var created = ServerUnderTest.Parse(text).GetProperty("created").GetInt64();
        Assert.InRange(created, DateTimeOffset.UtcNow.ToUnixTimeSeconds() - 60, DateTimeOffset.UtcNow.ToUnixTimeSeconds());
        Assert.Equal(
            $$"""{"id":"cmpl-mine","object":"text_completion","created":{{created}},"model":"tales","choices":[{"index":0,"text":"{{Start(3)}}","logprobs":null,"finish_reason":"length","stop_reason":null,"token_ids":null,"prompt_logprobs":null,"prompt_token_ids":null}],"service_tier":null,"system_fingerprint":null,"usage":{"prompt_tokens":16,"total_tokens":19,"completion_tokens":3,"prompt_tokens_details":null},"kv_transfer_params":null}""",
            text);
    }

    [Fact]
    public async Task Sixteen_tokens_are_the_default_and_null_asks_for_all_the_context_leaves()
    {
        Assert.Equal(16, (await CompleteAsync(Body(""" "ignore_eos": true """))).GetProperty("usage").GetProperty("completion_tokens").GetInt32());
        var rest = await CompleteAsync($$"""{"prompt": [{{string.Join(',', Enumerable.Repeat(389, 2040))}}], "max_tokens": null, "ignore_eos": true}""");
        Assert.Equal(8, rest.GetProperty("usage").GetProperty("completion_tokens").GetInt32());
        Assert.Equal("length", rest.GetProperty("choices")[0].GetProperty("finish_reason").GetString());
    }

    [Fact]
    public async Task Prompts_may_be_several_as_text_or_as_ids_and_choices_come_in_their_order()
    {
        var (first, second) = (GoldenCase.All[0], GoldenCase.All[1]);
        foreach (var prompts in (string[])[JsonSerializer.Serialize(new[] { first.Prompt, second.Prompt }), JsonSerializer.Serialize(new[] { first.Ids, second.Ids })])
        {
            var response = await CompleteAsync($$"""{"prompt": {{prompts}}, "temperature": 0, "max_tokens": 8, "return_token_ids": true}""");
            Assert.Equal([0, 1], response.GetProperty("choices").EnumerateArray().Select(c => c.GetProperty("index").GetInt32()));
            Assert.Equal([first.GreedyIds[..8], second.GreedyIds[..8]], response.GetProperty("choices").EnumerateArray().Select(c => Ints(c.GetProperty("token_ids"))));
            Assert.Equal(first.Ids.Length + second.Ids.Length, response.GetProperty("usage").GetProperty("prompt_tokens").GetInt32());
            Assert.Equal(16, response.GetProperty("usage").GetProperty("completion_tokens").GetInt32());
        }
        Assert.Equal(first.GreedyIds[..8], Ints((await ChoiceAsync($$"""{"prompt": {{JsonSerializer.Serialize(first.Ids)}}, "temperature": 0, "max_tokens": 8, "return_token_ids": true}""")).GetProperty("token_ids")));
    }

    [Fact]
    public async Task A_seed_repeats_and_each_of_n_has_its_own()
    {
        var three = await CompleteAsync(Body(""" "n": 3, "seed": 11, "max_tokens": 12, "temperature": 1 """));
        var texts = three.GetProperty("choices").EnumerateArray().Select(c => c.GetProperty("text").GetString()!).ToList();
        Assert.Equal(3, texts.Distinct().Count());
        Assert.Equal(16, three.GetProperty("usage").GetProperty("prompt_tokens").GetInt32());
        foreach (var (text, i) in texts.Select((t, i) => (t, i)))
            Assert.Equal(text, (await ChoiceAsync(Body($$""" "seed": {{11 + i}}, "max_tokens": 12, "temperature": 1 """))).GetProperty("text").GetString());
    }

    [Fact]
    public async Task A_stop_string_ends_the_text_before_it_and_is_named()
    {
        var whole = Start(64);
        var stop = whole[20..26];
        var choice = await ChoiceAsync(Body($$""" "temperature": 0, "max_tokens": 64, "stop": ["nowhere to be seen", "{{stop}}"] """));
        Assert.Equal((whole[..whole.IndexOf(stop, StringComparison.Ordinal)], "stop", stop), (Text(choice), choice.GetProperty("finish_reason").GetString(), choice.GetProperty("stop_reason").GetString()));
        var included = await ChoiceAsync(Body($$""" "temperature": 0, "max_tokens": 64, "stop": "{{stop}}", "include_stop_str_in_output": true """));
        Assert.Equal(whole[..(whole.IndexOf(stop, StringComparison.Ordinal) + stop.Length)], Text(included));
    }

    [Fact]
    public async Task A_stop_token_ends_the_text_before_it_and_is_named_by_its_id()
    {
        var token = Once.GreedyIds[5];
        var until = Array.IndexOf(Once.GreedyIds, token);
        var choice = await ChoiceAsync(Body($$""" "temperature": 0, "max_tokens": 64, "stop_token_ids": [{{token}}, 99999], "return_token_ids": true """));
        Assert.Equal(token, choice.GetProperty("stop_reason").GetInt32());
        Assert.Equal(Start(until), Text(choice));
        Assert.Equal(Once.GreedyIds[..(until + 1)], Ints(choice.GetProperty("token_ids")));
        Assert.Equal(Start(until + 1), Text(await ChoiceAsync(Body($$""" "temperature": 0, "max_tokens": 64, "stop_token_ids": [{{token}}], "include_stop_str_in_output": true """))));
    }

    [Fact]
    public async Task Log_probabilities_come_in_OpenAIs_legacy_shape()
    {
        var choice = await ChoiceAsync(Body(""" "temperature": 0, "max_tokens": 4, "logprobs": 2 """));
        var logprobs = choice.GetProperty("logprobs");
        var tokens = Once.GreedyIds[..4].Select(Tales.Tokenizer.TokenText).ToArray();
        Assert.Equal(tokens, logprobs.GetProperty("tokens").EnumerateArray().Select(t => t.GetString()));
        Assert.Equal([0, tokens[0].Length, tokens[..2].Sum(t => t.Length), tokens[..3].Sum(t => t.Length)], Ints(logprobs.GetProperty("text_offset")));
        var top = logprobs.GetProperty("top_logprobs")[0].EnumerateObject().ToList();
        Assert.Equal(Once.Top5[..2].Select(t => Tales.Tokenizer.TokenText(t.Id)), top.Select(t => t.Name));
        Assert.Equal(logprobs.GetProperty("token_logprobs")[0].GetDouble(), top[0].Value.GetDouble());
        Assert.Equal(Once.Top5[0].Logit - Once.Top5[1].Logit, top[0].Value.GetDouble() - top[1].Value.GetDouble(), 0.01);

        var alone = (await ChoiceAsync(Body(""" "temperature": 0, "max_tokens": 1, "logprobs": 0, "return_tokens_as_token_ids": true """))).GetProperty("logprobs");
        Assert.Equal([$"token_id:{Once.GreedyIds[0]}"], alone.GetProperty("top_logprobs")[0].EnumerateObject().Select(t => t.Name));
    }

    [Fact]
    public async Task Echo_puts_the_prompt_before_the_text()
    {
        Assert.Equal(Once.Prompt + Start(5), Text(await ChoiceAsync(Body(""" "temperature": 0, "max_tokens": 5, "echo": true """))));
        Assert.Equal("<|begin_of_text|>" + Once.Prompt + Start(5), Text(await ChoiceAsync($$"""{"prompt": {{JsonSerializer.Serialize(Once.Ids)}}, "temperature": 0, "max_tokens": 5, "echo": true}""")));
        var only = await ChoiceAsync(Body(""" "temperature": 0, "max_tokens": 0, "echo": true """));
        Assert.Equal((Once.Prompt, "length"), (Text(only), only.GetProperty("finish_reason").GetString()));
    }

    [Fact]
    public async Task The_models_own_sampling_parameters_hold_where_a_request_names_none()
    {
        var engine = new ScriptedEngine(r => ScriptedEngine.Say(r, "so"));
        await using var server = await ServerUnderTest.StartAsync(engine);
        await server.JsonAsync("/v1/completions", """{"prompt": "a"}""");
        await server.JsonAsync("/v1/completions", """{"prompt": "a", "temperature": "0.5", "top_p": 1, "top_k": -1, "min_p": 0.1, "seed": -1, "max_tokens": 5.0, "min_tokens": 2, "presence_penalty": null, "stop_token_ids": [7, "8"]}""");
        var (first, second) = (engine.Requests.First().Sampling, engine.Requests.Last().Sampling);
        Assert.Equal((0.8f, 0.95f, 0, 16), (first.Temperature, first.TopP, first.TopK, first.MaxTokens));
        Assert.Equal((0.5f, 1f, 0, 0.1f, null, 5, 2), (second.Temperature, second.TopP, second.TopK, second.MinP, second.Seed, second.MaxTokens, second.MinTokens));
        Assert.Equal([7, 8], second.StopTokenIds);
    }

    [Fact]
    public async Task A_salt_reaches_the_engine_and_the_header_names_the_request()
    {
        var engine = new ScriptedEngine(r => ScriptedEngine.Say(r, "so"));
        await using var server = await ServerUnderTest.StartAsync(engine);
        server.Client.DefaultRequestHeaders.Add("X-Request-Id", "trace-7");
        var response = await server.JsonAsync("/v1/completions", """{"prompt": ["a", "b"], "n": 2, "cache_salt": "pepper", "request_id": "unheeded"}""");
        Assert.Equal("cmpl-trace-7", response.GetProperty("id").GetString());
        Assert.Equal(["0_cmpl-trace-7-0", "1_cmpl-trace-7-0", "0_cmpl-trace-7-1", "1_cmpl-trace-7-1"], engine.Requests.Select(r => r.Id));
        Assert.All(engine.Requests, r => Assert.Equal("pepper", r.CacheSalt));
    }

    [Fact]
    public async Task Cached_prompt_tokens_are_told_where_the_server_is_to_tell_them()
    {
        var engine = new ScriptedEngine(r => ScriptedEngine.Say(r, "so").Select(o => o with { CachedTokens = 32 }));
        await using var server = await ServerUnderTest.StartAsync(engine, o => o with { EnablePromptTokensDetails = true });
        var usage = (await server.JsonAsync("/v1/completions", """{"prompt": "a"}""")).GetProperty("usage");
        Assert.Equal(32, usage.GetProperty("prompt_tokens_details").GetProperty("cached_tokens").GetInt32());
    }

    static string Body(string fields) => $$"""{"model": "tales", "prompt": {{JsonSerializer.Serialize(Once.Prompt)}}, {{fields}}}""";

    static string Start(int tokens) => Tales.Tokenizer.Decode(Once.GreedyIds[..tokens], skipSpecialTokens: true);

    static string Text(JsonElement choice) => choice.GetProperty("text").GetString()!;

    static int[] Ints(JsonElement array) => [.. array.EnumerateArray().Select(e => e.GetInt32())];

    Task<JsonElement> CompleteAsync(string body) => tales.Server.JsonAsync("/v1/completions", body);

    async Task<JsonElement> ChoiceAsync(string body) => (await CompleteAsync(body)).GetProperty("choices")[0];
}
