using System.Diagnostics;
using System.Globalization;
using Spark.Notebooks;

namespace Spark.Benchmarks;

/// <summary>What streaming over HTTP takes of the engine's core: tokens a second of one batch, served to as many clients on another core, and computed without any of that. HTTP itself runs beside the clients, as it does where nodes leave a core free, and then on the engine's own core.</summary>
static class SseSection
{
    const int Streams = 16, PromptTokens = 16, OutputTokens = 384;
    const string Tokenizer = "data/models/tales-25m";

    public static async IAsyncEnumerable<Row> RunAsync(SectionOptions options)
    {
        EngineUnderTest.Pin(options.OtherCore);
        await using var alone = HelperProcess.Start("engine-rate", "--model", options.Model, "--core", $"{options.Core}");
        await using var apart = await EngineServer.StartAsync(options.Model, Tokenizer, options.Core, apiCore: options.OtherCore);
        await using var together = await EngineServer.StartAsync(options.Model, Tokenizer, options.Core);
        using var clientApart = Client(apart);
        using var clientTogether = Client(together);
        await ServedAsync(clientApart);
        await ServedAsync(clientTogether);
        var (samplesApart, samplesTogether) = (new List<Sample>(), new List<Sample>());
        for (var i = 0; i < options.Repeats; i++)
        {
            var ceiling = double.Parse(await alone.AnswerAsync("run"), CultureInfo.InvariantCulture);
            samplesApart.Add(new(await ServedAsync(clientApart), ceiling));
            samplesTogether.Add(new(await ServedAsync(clientTogether), ceiling));
        }
        yield return Served("HTTP on another core", samplesApart) with { Reach = Reach.AtLeast(0.9) };
        yield return Served("HTTP on the engine's core", samplesTogether);
    }

    static CompletionClient Client(EngineServer server) =>
        new(new LoadTarget { Topology = "single", Path = LoadTarget.Direct, Model = "m", Endpoint = server.Address, Engines = [new("node-0", "m", server.Address)] }, TimeProvider.System);

    static Row Served(string where, List<Sample> samples) =>
        new() { Name = $"decode over HTTP, {Streams} streams, {where}", Unit = "tok/s", Samples = samples, Against = "the same batch without HTTP" };

    // The time between first and last token is that of OutputTokens - 1 steps of the whole batch.
    static async Task<double> ServedAsync(CompletionClient client)
    {
        var start = Stopwatch.GetTimestamp();
        var answers = await Task.WhenAll(Enumerable.Range(0, Streams).Select(stream =>
            client.SendAsync(stream, new([.. Enumerable.Range(0, PromptTokens).Select(i => 100 + stream * PromptTokens + i)], OutputTokens), "sse", start, CancellationToken.None)));
        if (answers.FirstOrDefault(answer => !answer.Succeeded || answer.OutputTokens != OutputTokens) is { } bad)
            throw new InvalidOperationException($"A stream failed: {bad.Error ?? $"{bad.OutputTokens} tokens"}");
        return Streams / answers.Average(answer => answer.Tpot!.Value.TotalSeconds);
    }

    /// <summary>What a process of its own runs: the batch, once for every line that it reads.</summary>
    public static int RunAlone(SectionOptions options)
    {
        EngineUnderTest.Pin(options.Core);
        using var engine = new EngineUnderTest(options.Model);
        while (Console.ReadLine() is not null)
            Console.WriteLine(engine.Run.Decode(Streams, PromptTokens, OutputTokens).ToString(CultureInfo.InvariantCulture));
        return 0;
    }
}
