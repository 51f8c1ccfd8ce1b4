using System.Net;

namespace Spark.Engine.Tests;

public class StoppingTheServer
{
    [Fact(Timeout = 60_000)]
    public async Task Running_requests_may_end_while_new_ones_are_refused()
    {
        using var gate = new SemaphoreSlim(1);
        await using var server = await ServerUnderTest.StartAsync(new ScriptedEngine(r => ScriptedEngine.Say(r, "one two")) { Pace = (_, _, cancellation) => gate.WaitAsync(cancellation) }, o => o with { DrainPeriod = TimeSpan.FromSeconds(30) });
        using var response = await server.PostAsync("/v1/completions", """{"prompt": "a", "stream": true}""");
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        Assert.StartsWith("data: {", await reader.ReadLineAsync());
        var stopping = server.StopAsync();
        await Assert.ThrowsAnyAsync<HttpRequestException>(async () =>
        {
            while (true)
                (await server.Client.GetAsync("/health")).Dispose();
        });
        gate.Release(100);
        Assert.EndsWith("data: [DONE]\n\n", await reader.ReadToEndAsync());
        await stopping;
    }

    [Fact(Timeout = 60_000)]
    public async Task After_the_drain_period_they_are_aborted()
    {
        var engine = new ScriptedEngine(ScriptedEngine.Drone) { Pace = StreamingText.OneByOne };
        await using var server = await ServerUnderTest.StartAsync(engine, o => o with { DrainPeriod = TimeSpan.FromMilliseconds(50) });
        using var stream = await server.PostAsync("/v1/completions", """{"prompt": "a", "stream": true}""");
        var whole = server.PostAsync("/v1/completions", """{"prompt": "a"}""");
        while (engine.Requests.Count < 2)
            await Task.Delay(1);
        await server.StopAsync();
        const string error = """{"error":{"message":"The server is shutting down.","type":"Service Unavailable","param":null,"code":503}}""";
        Assert.EndsWith($"data: {error}\n\ndata: [DONE]\n\n", await stream.Content.ReadAsStringAsync());
        using var refused = await whole;
        Assert.Equal((HttpStatusCode.ServiceUnavailable, error), (refused.StatusCode, await refused.Content.ReadAsStringAsync()));
        Assert.Equal(2, engine.Aborted.Count);
    }
}
