using System.Diagnostics;
using System.Globalization;
using Spark.Engine;
using Spark.Notebooks;

namespace Spark.Benchmarks;

/// <summary>Predictions of an engine on a core of this machine, served over HTTP, from the ceilings measured in between.</summary>
static class LocalPredictions
{
    const int OutputTokens = 33;
    const int CalibrationPrompt = 512, ShortContext = 32, LongContext = 1500;
    const string Tokenizer = "data/models/tales-25m";

    static readonly int[] Prompts = [64, 128, 256, CalibrationPrompt, 1024, 1536];
    static readonly (int Batch, int Tokens)[] Decodes = [(1, ShortContext), (1, 256), (1, 768), (1, LongContext), (2, 128), (4, 128), (4, 512), (8, 128), (8, 512), (16, 128), (16, 256)];

    public static async Task<PredictionTable> MeasureAsync(SectionOptions options)
    {
        EngineUnderTest.Pin(options.OtherCore);
        var shape = ModelShape.FromConfig(options.Model);
        await using var server = await EngineServer.StartAsync(options.Model, Tokenizer, options.Core);
        var target = new LoadTarget { Topology = "single", Path = LoadTarget.Direct, Model = "m", Endpoint = server.Address, Engines = [new("node-0", "m", server.Address)] };
        using var client = new CompletionClient(target, TimeProvider.System);
        await using var ceilings = HelperProcess.Start("ceilings", "--model", options.Model, "--core", $"{options.Core}");
        var measured = Prompts.Select(prompt => (Batch: 0, Tokens: prompt)).Concat(Decodes).ToDictionary(point => point, _ => new List<double>());
        var (flops, bytes) = (new List<double>(), new List<double>());
        for (var i = -1; i < options.Repeats; i++)
        {
            foreach (var point in measured.Keys)
                if (await TimeAsync(client, point.Batch, point.Tokens, i) is var milliseconds && i >= 0)
                    measured[point].Add(milliseconds);
            var rates = (await ceilings.AnswerAsync("run")).Split(' ').Select(rate => double.Parse(rate, CultureInfo.InvariantCulture)).ToArray();
            flops.Add(rates[0]);
            bytes.Add(rates[1]);
        }

        var medians = measured.ToDictionary(point => point.Key, point => Spread.Of(point.Value).Median);
        var bound = new StepPredictor(shape, new(Spread.Of(flops).Median, Spread.Of(bytes).Median)) { Overlaps = false };
        var calibrated = bound.Calibrate((CalibrationPrompt, Time(0, CalibrationPrompt)), (ShortContext, Time(1, ShortContext)), (LongContext, Time(1, LongContext)));
        return new(
            FormattableString.Invariant($"this machine, {shape.Name} on core {options.Core}, TTFT and ITL in ms; of {bound.Ceilings.FlopPerSecond / 1e9:0} GFLOP/s and {bound.Ceilings.BytesPerSecond / 1e9:0.0} GB/s the shares are {calibrated.ComputeShare:P0}, {calibrated.WeightShare:P0} and, of KV, {calibrated.KvShare:P0}"),
            [.. medians.Select(point => new Prediction(
                point.Key.Batch == 0 ? $"TTFT, {point.Key.Tokens} prompt tokens" : $"ITL, {point.Key.Batch} x, context {point.Key.Tokens}",
                point.Value, Predict(bound, point.Key).TotalMilliseconds, Predict(calibrated, point.Key).TotalMilliseconds,
                point.Key is (0, CalibrationPrompt) or (1, ShortContext) or (1, LongContext)))]);

        TimeSpan Time(int batch, int tokens) => TimeSpan.FromMilliseconds(medians[(batch, tokens)]);
        static TimeSpan Predict(StepPredictor predictor, (int Batch, int Tokens) point) => point.Batch == 0 ? predictor.Prefill(point.Tokens) : predictor.DecodeStep(point.Batch, point.Tokens);
    }

    /// <summary>What a process of its own runs: both ceilings of its core, once for every line that it reads.</summary>
    public static int MeasureCeilings(SectionOptions options)
    {
        EngineUnderTest.Pin(options.Core);
        var weights = ModelShape.FromConfig(options.Model).WeightBytesPerStep.Bytes;
        while (Console.ReadLine() is not null)
            Console.WriteLine(FormattableString.Invariant($"{Ceilings.FlopsPerSecond():R} {Ceilings.BytesPerSecond(weights):R}"));
        return 0;
    }

    // A prompt alone has its TTFT timed; a batch the median gap of its tokens, whose context is the asked one in their middle.
    static async Task<double> TimeAsync(CompletionClient client, int batch, int tokens, int round)
    {
        var start = Stopwatch.GetTimestamp();
        var (prompt, output) = batch == 0 ? (tokens, 1) : (tokens - OutputTokens / 2, OutputTokens);
        var answers = await Task.WhenAll(Enumerable.Range(0, Math.Max(1, batch)).Select(stream =>
            client.SendAsync(stream, new([.. Enumerable.Range(0, prompt).Select(i => 100 + (stream * 131 + i * 7 + round) % 3900)], output), $"predict{round}", start, CancellationToken.None)));
        if (answers.FirstOrDefault(answer => !answer.Succeeded) is { } bad)
            throw new InvalidOperationException($"A request failed: {bad.Error}");
        return batch == 0 ? answers[0].Ttft.TotalMilliseconds : Spread.Of(answers.SelectMany(answer => answer.Itl).Select(gap => gap.TotalMilliseconds)).Median;
    }
}
