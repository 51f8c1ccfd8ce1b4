using System.Diagnostics;
using System.Globalization;
using Spark.Notebooks;

namespace Spark.Benchmarks;

/// <summary>The load generator itself: how much of a core it takes to receive tokens, and how far its timestamps lie from the moments at which they were written.</summary>
static class LoadSection
{
    const int Streams = 20, Tokens = 600;

    static readonly double AskedPerSecond = Streams / PacedBackend.Pace.TotalSeconds;

    sealed record Round(double TokensPerSecond, double Cores, Spread DelayMicroseconds, double Delay99Microseconds);

    public static async IAsyncEnumerable<Row> RunAsync(SectionOptions options)
    {
        EngineUnderTest.Pin(options.OtherCore);
        await using var process = HelperProcess.Start("paced", "--core", $"{options.Core}");
        var backend = new Uri(await process.AnswerAsync());
        var target = new LoadTarget { Topology = "paced", Path = LoadTarget.Direct, Model = "m", Endpoint = backend, Engines = [new("paced", "m", backend)] };
        using var client = new CompletionClient(target, TimeProvider.System);
        await MeasureAsync(client);
        var rounds = new List<Round>();
        for (var i = 0; i < options.Repeats; i++)
            rounds.Add(await MeasureAsync(client));
        yield return Stated($"load generator: received of {AskedPerSecond:N0} tokens/s", "tok/s", rounds.Select(round => round.TokensPerSecond));
        yield return Stated($"load generator: cores for {AskedPerSecond:N0} tokens/s", "cores", rounds.Select(round => round.Cores / round.TokensPerSecond * AskedPerSecond)) with { Reach = Reach.AtMost(0.5, "cores") };
        yield return Stated("load generator: timestamp after writing, median", "us", rounds.Select(round => round.DelayMicroseconds.Median));
        yield return Stated("load generator: timestamp after writing, p99", "us", rounds.Select(round => round.Delay99Microseconds));
    }

    static Row Stated(string name, string unit, IEnumerable<double> values) => new() { Name = name, Unit = unit, Samples = [.. values.Select(value => new Sample(value))] };

    static async Task<Round> MeasureAsync(CompletionClient client)
    {
        var start = Stopwatch.GetTimestamp();
        var cpu = Environment.CpuUsage.TotalTime;
        var answers = await Task.WhenAll(Enumerable.Range(0, Streams).Select(async stream =>
        {
            await Task.Delay(PacedBackend.Pace * stream / Streams);   // evenly over a step, not all at its beginning
            return await client.SendAsync(stream, new([1, 2, 3], Tokens), "load", start, CancellationToken.None);
        }));
        var (seconds, used) = (Stopwatch.GetElapsedTime(start).TotalSeconds, Environment.CpuUsage.TotalTime - cpu);
        if (answers.FirstOrDefault(answer => !answer.Succeeded || answer.OutputTokens != Tokens) is { } bad)
            throw new InvalidOperationException($"A stream failed: {bad.Error ?? $"{bad.OutputTokens} tokens"}");
        // An event's text is when it was written, by the clock that this process reads too.
        var delays = answers.SelectMany(answer => answer.Text.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Zip(answer.TokenTimes, (written, arrived) => (arrived - Stopwatch.GetElapsedTime(start, long.Parse(written, CultureInfo.InvariantCulture))).TotalMicroseconds)).Order().ToArray();
        return new(answers.Sum(answer => answer.OutputTokens) / seconds, used.TotalSeconds / seconds, Spread.Of(delays), delays[(int)(0.99 * delays.Length)]);
    }
}
