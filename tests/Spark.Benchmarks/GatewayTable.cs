using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Spark.Benchmarks;

/// <summary>What a request costs behind each proxy, in turns: CPU time of the proxy's process, and the median time to the first event.</summary>
static class GatewayTable
{
    const int Streams = 16, RequestsARound = 160, WarmUpRounds = 2;
    const string None = "no proxy", NoneTwoLegs = "no proxy, two legs";

    static readonly string Body = $$"""{"model":"m","prompt":[{{string.Join(',', Enumerable.Range(1000, 512))}}],"max_tokens":64,"stream":true,"temperature":0,"ignore_eos":true}""";
    static readonly string PrefillBody = Body[..^1] + ""","kv_transfer_params":{"do_remote_decode":true}}""";

    sealed record Round(double CpuMilliseconds, double TtftMilliseconds);

    public static async Task<int> PrintAsync(int repeats)
    {
        await using var backend = await PacedBackend.StartAsync();
        await using var bare = await ProxyProcess.StartAsync(ProxyProcess.Bare, backend.Address);
        await using var balancing = await ProxyProcess.StartAsync(ProxyProcess.RoundRobin, backend.Address);
        await using var splitting = await ProxyProcess.StartAsync(ProxyProcess.PrefillDecode, backend.Address);
        (string Name, ProxyProcess? Proxy, bool TwoLegs)[] ways = [(None, null, false), (NoneTwoLegs, null, true), (ProxyProcess.Bare, bare, false), (ProxyProcess.RoundRobin, balancing, false), (ProxyProcess.PrefillDecode, splitting, false)];
        var rounds = ways.ToDictionary(way => way.Name, _ => new List<Round>());
        for (var i = 0; i < WarmUpRounds + repeats; i++)
        {
            foreach (var (name, proxy, twoLegs) in ways)
            {
                var round = await MeasureAsync(proxy, proxy?.Address ?? backend.Address, twoLegs);
                if (i >= WarmUpRounds)
                    rounds[name].Add(round);
            }
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{Streams} streams of {PacedBackend.Events} events, one each {PacedBackend.Pace.TotalMilliseconds} ms, begun evenly, 512 prompt tokens; {repeats} rounds of {RequestsARound} requests, in turns; median, smallest to largest"));
        foreach (var (name, proxy, _) in ways)
            Console.WriteLine($"{name,-20} TTFT {Spread(rounds[name].Select(round => round.TtftMilliseconds))} ms{(proxy is null ? "" : $"   CPU {Spread(rounds[name].Select(round => round.CpuMilliseconds))} ms a request")}");
        foreach (var (name, baseline) in new[] { (ProxyProcess.Bare, None), (ProxyProcess.RoundRobin, None), (ProxyProcess.PrefillDecode, NoneTwoLegs) })
            Console.WriteLine($"{name,-20} adds {Spread(rounds[name].Zip(rounds[baseline], (through, direct) => through.TtftMilliseconds - direct.TtftMilliseconds))} ms to the TTFT of {baseline}; CPU {Spread(rounds[name].Zip(rounds[ProxyProcess.Bare], (mine, theirs) => mine.CpuMilliseconds / theirs.CpuMilliseconds))} of the bare forwarder's");
        return 0;
    }

    static async Task<Round> MeasureAsync(ProxyProcess? proxy, Uri address, bool twoLegs)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = address };
        var ttfts = new ConcurrentBag<double>();
        var left = RequestsARound;
        var before = proxy?.CpuTime ?? default;
        await Task.WhenAll(Enumerable.Range(0, Streams).Select(async stream =>
        {
            // Spread evenly, so that a request waits for its own work and not for fifteen others that start with it.
            await Task.Delay(PacedBackend.Pace * PacedBackend.Events * stream / Streams);
            while (Interlocked.Decrement(ref left) >= 0)
                ttfts.Add(await AskAsync(http, twoLegs));
        }));
        return new(((proxy?.CpuTime ?? default) - before).TotalMilliseconds / RequestsARound, Median(ttfts));
    }

    static async Task<double> AskAsync(HttpClient http, bool twoLegs)
    {
        var asked = Stopwatch.GetTimestamp();
        if (twoLegs)
        {
            using var prefill = await http.PostAsync("v1/completions", Json(PrefillBody));
            await prefill.Content.ReadAsByteArrayAsync();
        }

        using var request = new HttpRequestMessage(HttpMethod.Post, "v1/completions") { Content = Json(Body) };
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

    static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");

    static double Median(IEnumerable<double> values) => values.Order().ElementAt(values.Count() / 2);

    static string Spread(IEnumerable<double> values) => string.Create(CultureInfo.InvariantCulture, $"{Median(values):0.00} ({values.Min():0.00} to {values.Max():0.00})");
}
