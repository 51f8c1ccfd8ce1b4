using System.Globalization;
using Spark.Engine;

namespace Spark.Benchmarks;

/// <summary>Tokens a second of the engine's heart, without HTTP: prefill against the multiply-add peak, decode against reading the weights once a step.</summary>
static class EngineTable
{
    static readonly int[] PromptLengths = [16, 128, 512, 1536];
    static readonly (int Batch, int Context)[] DecodePoints = [(1, 16), (1, 512), (1, 1500), (2, 128), (4, 128), (8, 128), (16, 128)];

    public static int Print(string modelDirectory, int core, int repeats)
    {
        if (Placement.Pin([core]) is { } problem)
            Console.WriteLine($"not pinned: {problem}");
        var options = new EngineOptions { Model = modelDirectory, EnablePrefixCaching = false, DummyWeights = !File.Exists(Path.Combine(modelDirectory, "model.safetensors")) };
        using var model = LoadedModel.Load(options, EngineLog.None);
        var capacity = KvCapacity.Of(options, model.Layout, model.Limits.MaxModelLen, model.WeightBytes, model.Llama.ActivationBytes);
        using var engine = new Engine.Engine(model, capacity, options, TimeProvider.System);
        engine.WarmUp();
        var (flops, bytes) = (Ceilings.FlopsPerSecond(), Ceilings.BytesPerSecond(model.WeightBytes));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{modelDirectory}, core {core}: multiply-add peak {flops / 1e9:F0} GFLOP/s; read {bytes / 1e9:F1} GB/s over {model.WeightBytes / 1e6:F1} MB (the weights' size)"));
        var run = new EngineRun(engine, model.Config.VocabSize);
        foreach (var length in PromptLengths)
            Console.WriteLine(new Row($"prefill {length} tokens", Repeat(repeats, () => length / run.Prefill(length)), flops / PrefillFlops(model.Config, length) * length, "the multiply-add peak"));
        foreach (var (batch, context) in DecodePoints)
            Console.WriteLine(new Row($"decode {batch} x, context {context}", Repeat(repeats, () => batch / run.DecodeStep(batch, context)), bytes / model.WeightBytes * batch, "reading the weights once a step"));
        return 0;
    }

    static List<double> Repeat(int repeats, Func<double> measure) => [.. Enumerable.Range(0, repeats).Select(_ => measure())];

    /// <summary>2 FLOP a weight and token, 4·heads·headDim FLOP a layer for each pair of token and earlier token, and the logits of the last token.</summary>
    static double PrefillFlops(ModelConfig c, int tokens)
    {
        double weights = c.Layers * (c.HiddenSize * c.HeadDim * (2.0 * c.Heads + 2 * c.KvHeads) + 3.0 * c.HiddenSize * c.IntermediateSize);
        var pairs = tokens * (tokens + 1.0) / 2;
        return 2 * weights * tokens + 4.0 * c.Layers * c.Heads * c.HeadDim * pairs + 2.0 * c.HiddenSize * c.VocabSize;
    }
}
