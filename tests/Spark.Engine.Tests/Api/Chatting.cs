using System.Text.Json;

namespace Spark.Engine.Tests;

public class Chatting(TalesServer tales)
{
    const string Path = "/v1/chat/completions";
    const string Tagged = "{% for m in messages %}<{{ m.role }}>{{ m.content }}</>{% endfor %}{% if add_generation_prompt %}<assistant>{% endif %}{{ mood }}";
    const string Parts = "{% for m in messages %}{% for part in m.content %}[{{ part.text }}]{% endfor %}{% endfor %}";

    [Fact]
    public async Task A_base_model_goes_on_from_the_last_message()
    {
        var golden = GoldenCase.All[0];
        var answer = await tales.Server.JsonAsync(Path, $$"""{"messages": [{"role": "user", "content": {{JsonSerializer.Serialize(golden.Prompt)}}}], "temperature": 0, "max_tokens": 8, "return_token_ids": true}""");
        Assert.Equal(golden.Ids, answer.GetProperty("prompt_token_ids").EnumerateArray().Select(t => t.GetInt32()));
        Assert.Equal(golden.GreedyIds[..8], answer.GetProperty("choices")[0].GetProperty("token_ids").EnumerateArray().Select(t => t.GetInt32()));
    }

    [Fact]
    public async Task The_response_has_vLLMs_fields_in_vLLMs_order()
    {
        await using var server = await ServerUnderTest.StartAsync(new ScriptedEngine(r => ScriptedEngine.Say(r, "so")));
        using var response = await server.PostAsync(Path, """{"messages": [{"role": "user", "content": "a"}], "request_id": "r"}""");
        var text = await response.Content.ReadAsStringAsync();
        var created = ServerUnderTest.Parse(text).GetProperty("created").GetInt64();
        var tokens = Tales.Tokenizer.Encode("so", false).Length + 1;
        Assert.Equal(
            $$"""{"id":"chatcmpl-r","object":"chat.completion","created":{{created}},"model":"tales","choices":[{"index":0,"message":{"role":"assistant","content":"so","refusal":null,"annotations":null,"audio":null,"function_call":null,"tool_calls":[],"reasoning":null,"reasoning_content":null},"logprobs":null,"finish_reason":"stop","stop_reason":null,"token_ids":null}],"service_tier":null,"system_fingerprint":null,"usage":{"prompt_tokens":2,"total_tokens":{{2 + tokens}},"completion_tokens":{{tokens}},"prompt_tokens_details":null},"prompt_logprobs":null,"prompt_token_ids":null,"kv_transfer_params":null}""",
            text);
    }

    [Fact]
    public async Task A_stream_begins_with_who_speaks_and_leaves_out_what_nobody_set()
    {
        await using var server = await ServerUnderTest.StartAsync(new ScriptedEngine(r => ScriptedEngine.Say(r, [79, 83, 4081], FinishReason.Stop)) { Pace = StreamingText.OneByOne });
        var events = await server.EventsAsync(Path, """{"messages": [{"role": "user", "content": "a"}], "stream": true, "stream_options": {"include_usage": true}, "request_id": "r"}""");
        var created = ServerUnderTest.Parse(events[0]).GetProperty("created").GetInt64();
        var head = $"\"id\":\"chatcmpl-r\",\"object\":\"chat.completion.chunk\",\"created\":{created},\"model\":\"tales\"";
        Assert.Equal(
            [
                $$$"""{{{{head}}},"choices":[{"index":0,"delta":{"role":"assistant","content":"","reasoning_content":null},"logprobs":null,"finish_reason":null}],"prompt_token_ids":null}""",
                $$$"""{{{{head}}},"choices":[{"index":0,"delta":{"content":"{{{Tales.Tokenizer.TokenText(79)}}}","reasoning_content":null},"logprobs":null,"finish_reason":null,"token_ids":null}]}""",
                $$$"""{{{{head}}},"choices":[{"index":0,"delta":{"content":"{{{Tales.Tokenizer.TokenText(83)}}}","reasoning_content":null},"logprobs":null,"finish_reason":null,"token_ids":null}]}""",
                $$$"""{{{{head}}},"choices":[{"index":0,"delta":{"content":"","reasoning_content":null},"logprobs":null,"finish_reason":"stop","stop_reason":null,"token_ids":null}]}""",
                $$$"""{{{{head}}},"choices":[],"usage":{"prompt_tokens":2,"total_tokens":5,"completion_tokens":3}}""",
                "[DONE]",
            ],
            events);
    }

    [Fact]
    public async Task Every_choice_says_who_speaks_before_any_says_more()
    {
        var chunks = await tales.Server.ChunksAsync(Path, """{"messages": [{"role": "user", "content": "a"}], "n": 3, "seed": 1, "temperature": 1, "max_tokens": 3, "stream": true, "stream_options": {"continuous_usage_stats": true}}""");
        Assert.Equal([0, 1, 2], chunks.Take(3).Select(c => c.GetProperty("choices")[0].GetProperty("index").GetInt32()));
        Assert.All(chunks.Take(3), c => Assert.Equal("assistant", c.GetProperty("choices")[0].GetProperty("delta").GetProperty("role").GetString()));
        Assert.All(chunks.Take(3), c => Assert.Equal(0, c.GetProperty("usage").GetProperty("completion_tokens").GetInt32()));
        Assert.DoesNotContain(chunks.Skip(3).SkipLast(1), c => c.GetProperty("choices")[0].GetProperty("delta").TryGetProperty("role", out _));
    }

    [Fact]
    public async Task Without_a_limit_the_answer_may_fill_the_context_and_max_completion_tokens_wins()
    {
        var engine = new ScriptedEngine(r => ScriptedEngine.Say(r, "so"));
        await using var server = await ServerUnderTest.StartAsync(engine);
        foreach (var fields in (string[])["", """, "max_tokens": 7 """, """, "max_tokens": 7, "max_completion_tokens": 5 """, """, "max_tokens": 7, "max_completion_tokens": 0 """])
            await server.JsonAsync(Path, $$"""{"messages": [{"role": "user", "content": "a"}]{{fields}}}""");
        Assert.Equal([2046, 7, 5, 7], engine.Requests.Select(r => r.Sampling.MaxTokens));
    }

    [Theory]
    [InlineData("""[{"role": "system", "content": "S"}, {"role": "user", "content": "Q"}]""", "", "<system>S</><user>Q</><assistant>")]
    [InlineData("""[{"role": "user", "content": [{"type": "text", "text": "Q1"}, {"type": "text", "text": "Q2"}]}]""", "", "<user>Q1\nQ2</><assistant>")]
    [InlineData("""[{"role": "user", "content": null}]""", "", "<user></><assistant>")]
    [InlineData("""[{"role": "user", "content": "Q"}]""", """, "add_generation_prompt": false """, "<user>Q</>")]
    [InlineData("""[{"role": "user", "content": "Q"}, {"role": "assistant", "content": "A be"}]""", """, "add_generation_prompt": false, "continue_final_message": true """, "<user>Q</><assistant>A be")]
    [InlineData("""[{"role": "user", "content": "Q"}]""", """, "chat_template_kwargs": {"mood": "calm"} """, "<user>Q</><assistant>calm")]
    public async Task The_template_makes_the_prompt(string messages, string fields, string prompt)
    {
        var engine = new ScriptedEngine(r => ScriptedEngine.Say(r, "so"));
        await using var server = await ServerUnderTest.StartAsync(engine, chatTemplate: Tagged);
        await server.JsonAsync(Path, $$"""{"messages": {{messages}}{{fields}}}""");
        Assert.Equal(prompt, Tales.Tokenizer.Decode(engine.Requests.Single().PromptTokenIds, false));
    }

    [Fact]
    public async Task A_template_that_walks_through_parts_gets_parts()
    {
        var engine = new ScriptedEngine(r => ScriptedEngine.Say(r, "so"));
        await using var server = await ServerUnderTest.StartAsync(engine, chatTemplate: Parts);
        await server.JsonAsync(Path, """{"messages": [{"role": "user", "content": [{"type": "text", "text": "Q1"}, "Q2"]}, {"role": "user", "content": "Q3"}]}""");
        Assert.Equal("[Q1][Q2][Q3]", Tales.Tokenizer.Decode(engine.Requests.Single().PromptTokenIds, false));
    }

    [Fact]
    public async Task A_tool_calls_arguments_reach_the_template_as_an_object()
    {
        var engine = new ScriptedEngine(r => ScriptedEngine.Say(r, "so"));
        await using var server = await ServerUnderTest.StartAsync(engine, chatTemplate: "{{ tools | length }} {{ messages[0].tool_calls[0].function.arguments.city }}");
        await server.JsonAsync(Path, """{"messages": [{"role": "assistant", "content": null, "tool_calls": [{"type": "function", "function": {"name": "f", "arguments": "{\"city\": \"Rome\"}"}}]}], "tools": [{"type": "function"}], "tool_choice": "none"}""");
        Assert.Equal("1 Rome", Tales.Tokenizer.Decode(engine.Requests.Single().PromptTokenIds, false));
    }

    [Fact]
    public async Task Echo_puts_the_last_message_before_the_answer()
    {
        await using var server = await ServerUnderTest.StartAsync(new ScriptedEngine(r => ScriptedEngine.Say(r, " so")));
        const string body = """{"messages": [{"role": "assistant", "content": "And"}], "echo": true, "stream": false}""";
        Assert.Equal("And so", (await server.JsonAsync(Path, body)).GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString());
        var deltas = (await server.ChunksAsync(Path, body.Replace("false", "true"))).Select(c => c.GetProperty("choices")[0].GetProperty("delta").GetProperty("content").GetString());
        Assert.Equal(["", "And", " so"], deltas);
    }

    [Fact]
    public async Task Log_probabilities_come_in_OpenAIs_shape()
    {
        var golden = GoldenCase.All[0];
        var body = $$"""{"messages": [{"role": "user", "content": {{JsonSerializer.Serialize(golden.Prompt)}}}], "temperature": 0, "max_tokens": 2, "logprobs": true, "top_logprobs": 2}""";
        var content = (await tales.Server.JsonAsync(Path, body)).GetProperty("choices")[0].GetProperty("logprobs").GetProperty("content");
        Assert.Equal(2, content.GetArrayLength());
        var first = Tales.Tokenizer.TokenText(golden.GreedyIds[0]);
        Assert.Equal(first, content[0].GetProperty("token").GetString());
        Assert.Equal(System.Text.Encoding.UTF8.GetBytes(first).Select(b => (int)b), content[0].GetProperty("bytes").EnumerateArray().Select(b => b.GetInt32()));
        Assert.Equal(golden.Top5[..2].Select(t => Tales.Tokenizer.TokenText(t.Id)), content[0].GetProperty("top_logprobs").EnumerateArray().Select(t => t.GetProperty("token").GetString()));
        Assert.Equal(0, (await tales.Server.JsonAsync(Path, body.Replace(", \"top_logprobs\": 2", ""))).GetProperty("choices")[0].GetProperty("logprobs").GetProperty("content")[0].GetProperty("top_logprobs").GetArrayLength());
    }
}
