using System.Text.Json;

namespace Spark.Engine.Tests;

public class StreamingText(TalesServer tales)
{
    static readonly GoldenCase Once = GoldenCase.All[0];

    [Fact]
    public async Task Chunks_have_vLLMs_fields_in_vLLMs_order()
    {
        await using var server = await ServerUnderTest.StartAsync(new ScriptedEngine(r => ScriptedEngine.Say(r, [79, 83], FinishReason.Length)) { Pace = OneByOne });
        var events = await server.EventsAsync("/v1/completions", """{"prompt": "a", "stream": true, "stream_options": {}, "request_id": "r"}""");
        var created = ServerUnderTest.Parse(events[0]).GetProperty("created").GetInt64();
        var head = $"\"id\":\"cmpl-r\",\"object\":\"text_completion\",\"created\":{created},\"model\":\"tales\"";
        Assert.Equal(
            [
                $$$"""{{{{head}}},"choices":[{"index":0,"text":"{{{Tales.Tokenizer.TokenText(79)}}}","logprobs":null,"finish_reason":null,"stop_reason":null,"prompt_token_ids":null,"token_ids":null}],"usage":null}""",
                $$$"""{{{{head}}},"choices":[{"index":0,"text":"{{{Tales.Tokenizer.TokenText(83)}}}","logprobs":null,"finish_reason":"length","stop_reason":null,"prompt_token_ids":null,"token_ids":null}],"usage":null}""",
                $$$"""{{{{head}}},"choices":[],"usage":{"prompt_tokens":2,"total_tokens":4,"completion_tokens":2}}""",
                "[DONE]",
            ],
            events);
    }

    [Fact]
    public async Task The_chunks_put_together_are_the_whole_response()
    {
        foreach (var fields in (string[])[""" "temperature": 0 """, """ "temperature": 1, "seed": 3, "n": 3 """, """ "temperature": 0, "stop": ["king", "zzzzzz"] """, """ "temperature": 0, "logprobs": 2, "echo": false, "return_token_ids": true """])
        {
            var whole = await tales.Server.JsonAsync("/v1/completions", Body($"{fields}, \"max_tokens\": 40"));
            var chunks = await tales.Server.ChunksAsync("/v1/completions", Body($"{fields}, \"max_tokens\": 40, \"stream\": true, \"stream_options\": {{\"include_usage\": true}}"));
            Assert.Equal(whole.GetProperty("usage").GetProperty("completion_tokens").GetInt32(), chunks[^1].GetProperty("usage").GetProperty("completion_tokens").GetInt32());
            foreach (var choice in whole.GetProperty("choices").EnumerateArray())
            {
                var index = choice.GetProperty("index").GetInt32();
                var own = chunks.SkipLast(1).Select(c => c.GetProperty("choices")[0]).Where(c => c.GetProperty("index").GetInt32() == index).ToList();
                Assert.Equal(choice.GetProperty("text").GetString(), string.Concat(own.Select(c => c.GetProperty("text").GetString())));
                Assert.Equal(choice.GetProperty("finish_reason").GetString(), own[^1].GetProperty("finish_reason").GetString());
                Assert.Equal(choice.GetProperty("stop_reason").ToString(), own[^1].GetProperty("stop_reason").ToString());
                Assert.All(own.SkipLast(1), c => Assert.Equal(JsonValueKind.Null, c.GetProperty("finish_reason").ValueKind));
                foreach (var list in (string[])["tokens", "token_logprobs", "text_offset", "top_logprobs"])
                    Assert.Equal(Items(choice.GetProperty("logprobs"), list), own.SelectMany(c => Items(c.GetProperty("logprobs"), list)));
                Assert.Equal(Items(choice, "token_ids"), own.SelectMany(c => Items(c, "token_ids")));
                Assert.Equal(Items(choice, "prompt_token_ids"), Items(own[0], "prompt_token_ids"));
            }
        }
    }

    [Fact]
    public async Task Without_stream_options_there_is_no_word_on_usage_and_with_continuous_ones_there_is_one_everywhere()
    {
        Assert.All(await tales.Server.ChunksAsync("/v1/completions", Body(""" "stream": true """)), c => Assert.Equal(JsonValueKind.Null, c.GetProperty("usage").ValueKind));
        Assert.All(await tales.Server.ChunksAsync("/v1/completions", Body(""" "stream": true, "stream_options": {"include_usage": false, "continuous_usage_stats": true} """)), c => Assert.Equal(JsonValueKind.Null, c.GetProperty("usage").ValueKind));
        var chunks = await tales.Server.ChunksAsync("/v1/completions", Body(""" "stream": true, "ignore_eos": true, "stream_options": {"continuous_usage_stats": true} """));
        Assert.Equal([16, 16], chunks.TakeLast(2).Select(c => c.GetProperty("usage").GetProperty("completion_tokens").GetInt32()));
        Assert.Equal(chunks.SkipLast(1).Select(c => c.GetProperty("usage").GetProperty("completion_tokens").GetInt32()).Order(), chunks.SkipLast(1).Select(c => c.GetProperty("usage").GetProperty("completion_tokens").GetInt32()));
        Assert.All(chunks.SkipLast(1), c => Assert.Equal(JsonValueKind.Null, c.GetProperty("usage").GetProperty("prompt_tokens_details").ValueKind));
    }

    [Fact]
    public async Task A_token_is_on_its_way_as_soon_as_it_is_there()
    {
        using var gate = new SemaphoreSlim(1);
        await using var server = await ServerUnderTest.StartAsync(new ScriptedEngine(r => ScriptedEngine.Say(r, "one two")) { Pace = (_, _, cancellation) => gate.WaitAsync(cancellation) });
        using var response = await server.PostAsync("/v1/completions", """{"prompt": "a", "stream": true}""");
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        var text = "";
        while (await reader.ReadLineAsync() is { } line && line != "data: [DONE]")
        {
            if (line.Length == 0)
                continue;
            text += ServerUnderTest.Parse(line["data: ".Length..]).GetProperty("choices")[0].GetProperty("text").GetString();
            gate.Release();
        }
        Assert.Equal("one two", text);
    }

    [Fact]
    public async Task Outputs_that_are_ready_at_once_share_a_chunk()
    {
        await using var server = await ServerUnderTest.StartAsync(new ScriptedEngine(r => ScriptedEngine.Say(r, "there was a king")));
        var chunk = Assert.Single(await server.ChunksAsync("/v1/completions", """{"prompt": "a", "stream": true, "return_token_ids": true}"""));
        Assert.Equal("there was a king", chunk.GetProperty("choices")[0].GetProperty("text").GetString());
        Assert.Equal([.. Tales.Tokenizer.Encode("there was a king", false), 4081], chunk.GetProperty("choices")[0].GetProperty("token_ids").EnumerateArray().Select(t => t.GetInt32()));
    }

    [Fact]
    public async Task Characters_of_several_tokens_come_whole()
    {
        await using var server = await ServerUnderTest.StartAsync(new ScriptedEngine(r => ScriptedEngine.Say(r, "a😀é")) { Pace = OneByOne });
        var texts = (await server.ChunksAsync("/v1/completions", """{"prompt": "a", "stream": true}""")).Select(c => c.GetProperty("choices")[0].GetProperty("text").GetString()!).ToList();
        Assert.Equal("a😀é", string.Concat(texts));
        Assert.Contains("😀", texts);
        Assert.Contains("", texts);
    }

    [Fact]
    public async Task Echo_comes_with_the_first_chunk()
    {
        var chunks = await tales.Server.ChunksAsync("/v1/completions", Body(""" "stream": true, "echo": true, "temperature": 0, "max_tokens": 5 """));
        Assert.StartsWith(Once.Prompt, chunks[0].GetProperty("choices")[0].GetProperty("text").GetString());
        Assert.Equal(Once.Ids.Length, chunks[0].GetProperty("choices")[0].GetProperty("prompt_token_ids").GetArrayLength());
        Assert.Equal(Once.Prompt + Tales.Tokenizer.Decode(Once.GreedyIds[..5], true), string.Concat(chunks.Select(c => c.GetProperty("choices")[0].GetProperty("text").GetString())));
    }

    [Fact]
    public async Task Many_streams_at_once_each_say_what_they_would_say_alone()
    {
        var bodies = GoldenCase.All.Where(g => g.SmallestMargin > 1e-3).Select(g => (g.GreedyIds, Body: $$"""{"prompt": [{{JsonSerializer.Serialize(g.Prompt)}}], "temperature": 0, "max_tokens": 48, "ignore_eos": true, "stream": true, "return_token_ids": true}""")).ToList();
        await Task.WhenAll(Enumerable.Range(0, 24).Select(async i =>
        {
            var (golden, body) = bodies[i % bodies.Count];
            var chunks = await tales.Server.ChunksAsync("/v1/completions", body);
            Assert.Equal(golden[..48], chunks.SelectMany(c => c.GetProperty("choices")[0].GetProperty("token_ids").EnumerateArray()).Select(t => t.GetInt32()));
        }));
    }

    internal static Task OneByOne(EngineRequest request, int step, CancellationToken cancellation) => Task.Delay(1, cancellation);

    static IEnumerable<string> Items(JsonElement parent, string list) =>
        parent.ValueKind == JsonValueKind.Object && parent.GetProperty(list) is { ValueKind: JsonValueKind.Array } items ? items.EnumerateArray().Select(i => i.GetRawText()) : [];

    static string Body(string fields) => $$"""{"prompt": {{JsonSerializer.Serialize(Once.Prompt)}}, {{fields}}}""";
}
