using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;

namespace Spark.Benchmarks;

/// <summary>What a request costs behind each proxy, in turns: CPU time of the proxy's process, and the median time to the first event.</summary>
static class GatewaySection
{
    static readonly Load Many = new(PacedBackend.Burst, Streams: 32, Requests: 6400, Events: 16), Steady = new("m", Streams: 16, Requests: 160, Events: 64);

    sealed record Load(string Model, int Streams, int Requests, int Events)
    {
        readonly string body = $$"""{"model":"{{Model}}","prompt":[{{string.Join(',', Enumerable.Range(1000, 512))}}],"max_tokens":{{Events}},"stream":true,"temperature":0,"ignore_eos":true}""";

        public StringContent Request => Json(body);
        public StringContent Prefill => Json(body[..^1] + ""","kv_transfer_params":{"do_remote_decode":true}}""");

        static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");
    }

    sealed record Round(double CpuMicroseconds, double TtftMilliseconds);

    public static async IAsyncEnumerable<Row> RunAsync(SectionOptions options)
    {
        await using var backend = await PacedBackend.StartAsync();
        await using var bare = await ProxyProcess.StartAsync(ProxyProcess.Bare, backend.Address);
        await using var bareTwoLegs = await ProxyProcess.StartAsync(ProxyProcess.BareTwoLegs, backend.Address);
        await using var balancing = await ProxyProcess.StartAsync(ProxyProcess.RoundRobin, backend.Address);
        await using var splitting = await ProxyProcess.StartAsync(ProxyProcess.PrefillDecode, backend.Address);

        var cpu = await InTurnsAsync(options.Repeats, () => MeasureAsync(Many, balancing), () => MeasureAsync(Many, bare), () => MeasureAsync(Many, splitting), () => MeasureAsync(Many, bareTwoLegs));
        yield return Cpu("gateway, round robin", cpu.Select(round => (round[0], round[1])), "a bare IHttpForwarder's");
        yield return Cpu("gateway, prefill/decode", cpu.Select(round => (round[2], round[3])), "a bare IHttpForwarder's with a prefill before");

        if (options.ToyProxy is { } script)
        {
            await using var toy = await ToyProxy.StartAsync(script, backend.Address);
            var few = Many with { Requests = Many.Requests / 10 };
            var beside = await InTurnsAsync(options.Repeats, () => MeasureAsync(Many, splitting), () => MeasureAsync(few, toy));
            yield return Cpu("gateway, prefill/decode", beside.Select(round => (round[0], round[1])), "vLLM's toy proxy's") with { Reach = Reach.AtMost(1.0 / 12) };
        }

        var ttft = await InTurnsAsync(options.Repeats, () => MeasureAsync(Steady, splitting), () => MeasureAsync(Steady, bareTwoLegs), () => MeasureAsync(Steady, null, backend.Address));
        yield return Added("gateway, prefill/decode", ttft.Select(round => (round[0], round[2]))) with { Reach = Reach.AtMost(0.3, "ms") };
        yield return Added("bare IHttpForwarder, prefill before", ttft.Select(round => (round[1], round[2])));
    }

    static Row Added(string name, IEnumerable<(Round Through, Round Direct)> rounds) => new()
    {
        Name = $"{name}: TTFT added, {Steady.Streams} streams",
        Unit = "ms",
        Samples = [.. rounds.Select(round => new Sample(round.Through.TtftMilliseconds - round.Direct.TtftMilliseconds))],
    };

    static Row Cpu(string name, IEnumerable<(Round Through, Round Bare)> rounds, string against) => new()
    {
        Name = $"{name}: CPU a request, {Many.Streams} streams",
        Unit = "us",
        Samples = [.. rounds.Select(round => new Sample(round.Through.CpuMicroseconds, round.Bare.CpuMicroseconds))],
        Against = against,
        Reach = Reach.AtMost(1.25),
    };

    static async Task<List<Round[]>> InTurnsAsync(int repeats, params Func<Task<Round>>[] ways)
    {
        const int warmUps = 2;
        var rounds = new List<Round[]>();
        for (var i = -warmUps; i < repeats; i++)
        {
            var round = new Round[ways.Length];
            for (var way = 0; way < ways.Length; way++)
                round[way] = await ways[way]();
            if (i >= 0)
                rounds.Add(round);
        }
        return rounds;
    }

    static async Task<Round> MeasureAsync(Load load, IProxy? proxy, Uri? direct = null)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = proxy?.Address ?? direct };
        var ttfts = new ConcurrentBag<double>();
        var left = load.Requests;
        var before = proxy?.CpuTime ?? default;
        await Task.WhenAll(Enumerable.Range(0, load.Streams).Select(async stream =>
        {
            // Spread evenly, so that a request waits for its own work and not for all the others that start with it.
            if (load.Model != PacedBackend.Burst)
                await Task.Delay(PacedBackend.Pace * load.Events * stream / load.Streams);
            while (Interlocked.Decrement(ref left) >= 0)
                ttfts.Add(await AskAsync(http, load, twoLegs: proxy is null));
        }));
        return new(((proxy?.CpuTime ?? default) - before).TotalMicroseconds / load.Requests, Spread.Of(ttfts).Median);
    }

    static async Task<double> AskAsync(HttpClient http, Load load, bool twoLegs)
    {
        var asked = Stopwatch.GetTimestamp();
        if (twoLegs)
        {
            using var prefill = await http.PostAsync("v1/completions", load.Prefill);
            await prefill.Content.ReadAsByteArrayAsync();
        }

        using var request = new HttpRequestMessage(HttpMethod.Post, "v1/completions") { Content = load.Request };
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        await using var stream = await response.EnsureSuccessStatusCode().Content.ReadAsStreamAsync();
        var buffer = new byte[8192];
        await stream.ReadExactlyAsync(buffer.AsMemory(0, 1));
        var first = Stopwatch.GetElapsedTime(asked).TotalMilliseconds;
        while (await stream.ReadAsync(buffer) > 0)
        {
        }

        return first;
    }
}
