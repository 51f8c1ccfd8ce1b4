using Microsoft.AspNetCore.Http;

namespace Spark.Engine.Tests;

public class LeavingClients
{
    [Theory(Timeout = 60_000), InlineData(true), InlineData(false)]
    public async Task A_client_that_disconnects_frees_its_request(bool stream)
    {
        using var engine = TalesServer.StartEngine(TestEngine.Tales);
        await using var server = await ServerUnderTest.StartAsync(engine);
        using var leaving = new CancellationTokenSource();
        var request = server.PostAsync("/v1/completions", $$"""{"prompt": ["a", "b"], "n": 2, "max_tokens": 2000, "ignore_eos": true, "temperature": 1, "stream": {{(stream ? "true" : "false")}}}""", cancellation: leaving.Token);
        while (engine.Stats.Running < 4)
            await Task.Delay(1);
        await leaving.CancelAsync();
        try
        {
            (await request).Dispose();
        }
        catch (OperationCanceledException)
        {
            // Without a stream there is no response yet to leave.
        }
        while (engine.Stats is not { Running: 0, KvCacheUsage: 0 })
            await Task.Delay(1);
        while (await server.Client.GetStringAsync("/load") != """{"server_load":0}""")
            await Task.Delay(1);
    }

    [Fact]
    public async Task The_engine_hears_of_a_streamed_request_whose_client_has_left_already()
    {
        var http = new DefaultHttpContext { RequestAborted = new(canceled: true) };
        http.Response.Body = new MemoryStream();
        var heard = false;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => EventStream.RunAsync(http, _ =>
        {
            heard = true;
            return Task.FromCanceled(http.RequestAborted);
        }));
        Assert.True(heard);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_stop_string_ends_the_request_in_the_engine_too()
    {
        var engine = new ScriptedEngine(ScriptedEngine.Drone) { Pace = StreamingText.OneByOne };
        await using var server = await ServerUnderTest.StartAsync(engine);
        var word = string.Concat(Enumerable.Repeat(Tales.Tokenizer.TokenText('a'), 3));
        var choice = (await server.JsonAsync("/v1/completions", $$"""{"prompt": "a", "max_tokens": 1000, "stop": "{{word}}", "min_tokens": 5, "return_token_ids": true}""")).GetProperty("choices")[0];
        Assert.Equal(6, choice.GetProperty("token_ids").GetArrayLength());
        Assert.Equal(word, choice.GetProperty("stop_reason").GetString());
        Assert.Single(engine.Aborted);
    }
}
