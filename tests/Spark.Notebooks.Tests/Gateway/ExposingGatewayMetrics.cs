using System.Globalization;
using System.Text.RegularExpressions;

namespace Spark.Notebooks.Tests;

public partial class ExposingGatewayMetrics
{
    [Fact]
    public async Task Metrics_tell_what_was_served_by_whom()
    {
        await using Vllm013 prefill = await Vllm013.StartAsync(), decode = await Vllm013.StartAsync();
        await using var gateway = await Gateway.StartAsync(Quiet.Disaggregated(prefill, decode) with { MinRemotePrefillTokens = 20 });
        using var client = new GatewayClient(gateway.Address);
        await client.AskAsync(GatewayClient.Body(40));
        await client.AskAsync(GatewayClient.Body(10));
        await client.AskAsync(GatewayClient.Body(40, 0));
        await Eventually.TrueAsync(() => gateway.Snapshot().InFlight == 0 && gateway.Routed.Count == 3, "nothing is in flight");

        var response = await client.GetAsync("metrics");
        var text = await response.Content.ReadAsStringAsync();
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", $"{response.Content.Headers.ContentType}");
        Assert.Equal(0, Sample(text, "requests_in_flight"));
        Assert.Equal(1, Sample(text, """bypasses_total{reason="short prompt"}"""));
        Assert.Equal(2, Sample(text, """legs_total{backend="node-0",leg="prefill",status="2xx"}"""));
        // One of them only to release what the refused one had left behind.
        Assert.Equal(3, Sample(text, """legs_total{backend="node-1",leg="decode",status="2xx"}"""));
        Assert.Equal(1, Sample(text, """legs_total{backend="node-1",leg="decode",status="4xx"}"""));
        Assert.Equal((1, 0), (Sample(text, "kv_released_total"), Sample(text, "kv_stranded_total")));
        Assert.Equal(1, Sample(text, """backend_healthy{backend="node-1",leg="decode"}"""));
        Assert.Equal(Sample(text, """leg_seconds_count{backend="node-1",leg="decode"}"""), Sample(text, """leg_seconds_bucket{backend="node-1",leg="decode",le="+Inf"}"""));
        var seconds = gateway.Routed.SelectMany(routed => routed.Legs).Where(leg => leg.Backend == "node-1").Sum(leg => leg.Duration.TotalSeconds);
        Assert.Equal(seconds, Sample(text, """leg_seconds_sum{backend="node-1",leg="decode"}"""), 1e-6);
    }

    [Fact]
    public async Task Every_line_is_a_sample_of_a_family_that_was_announced()
    {
        await using var vllm = await Vllm013.StartAsync();
        await using var gateway = await Gateway.StartAsync(Quiet.Options(vllm.As("node-0"), new Backend("gone", StubServer.Nowhere())));
        using var client = new GatewayClient(gateway.Address);
        for (var i = 0; i < 3; i++)
            await client.AskAsync(GatewayClient.Body());
        var (family, histogram) = ("", false);
        foreach (var line in (await client.TextAsync("metrics")).TrimEnd('\n').Split('\n'))
        {
            if (line.StartsWith("# TYPE ", StringComparison.Ordinal))
                (family, histogram) = (line.Split(' ')[2], line.EndsWith("histogram", StringComparison.Ordinal));
            if (line.StartsWith('#'))
                continue;
            var match = SampleLine.Match(line);
            Assert.True(match.Success, line);
            Assert.Equal(family, histogram ? HistogramSuffix.Replace(match.Groups[1].Value, "") : match.Groups[1].Value);
        }
    }

    [Fact]
    public async Task The_gateway_writes_nothing_to_the_console_whatever_happens()
    {
        var (output, error) = (Console.Out, Console.Error);
        using var written = new StringWriter();
        var kept = TextWriter.Synchronized(written);
        Console.SetOut(kept);
        Console.SetError(kept);
        try
        {
            await using var garbage = new RawServer("garbage");
            await using var gateway = await Gateway.StartAsync(Quiet.Options(new Backend("gone", StubServer.Nowhere()), new Backend("garbage", garbage.Address)));
            using var client = new GatewayClient(gateway.Address);
            for (var i = 0; i < 6; i++)
                await client.AskAsync(GatewayClient.Body());
        }
        finally
        {
            Console.SetOut(output);
            Console.SetError(error);
        }

        Assert.DoesNotContain("Yarp", $"{written}");
        Assert.DoesNotContain("Microsoft.", $"{written}");
        Assert.DoesNotContain("garbage", $"{written}");
    }

    static double Sample(string text, string name) =>
        double.Parse(text.Split('\n').Single(line => line.StartsWith($"spark_gateway_{name} ", StringComparison.Ordinal)).Split(' ')[^1], CultureInfo.InvariantCulture);

    [GeneratedRegex("""^([a-z_]+)(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\})? [0-9.E+-]+$""")]
    static partial Regex SampleLine { get; }

    [GeneratedRegex("_(bucket|count|sum)$")]
    static partial Regex HistogramSuffix { get; }
}
