namespace Spark.Engine.Tests;

/// <summary>An engine in this process, driven step by step; weights are loaded once a configuration.</summary>
static class TestEngine
{
    public static EngineOptions Tales => new() { Model = Repository.Tales, KvCacheDtype = KvDtype.Float32 };

    public static Engine Start(EngineOptions options, int? blocks = null, EngineLog? log = null)
    {
        var model = LoadedModel.Load(options, EngineLog.None);
        var capacity = KvCapacity.Of(options, model.Layout, model.Limits.MaxModelLen, model.WeightBytes, model.Llama.ActivationBytes);
        return new Engine(model, blocks is { } count ? capacity with { Blocks = count } : capacity, options, TimeProvider.System, log);
    }

    public static SamplingParams Greedy(int tokens) => new() { Temperature = 0, MaxTokens = tokens, IgnoreEos = true };

    /// <summary>Steps until nothing is left to do; what was said of all requests, in order.</summary>
    public static List<EngineOutput> RunToEnd(this Engine engine)
    {
        var outputs = new List<EngineOutput>();
        for (var progress = DateTime.UtcNow; engine.HasWork;)
        {
            if (DateTime.UtcNow - progress > TimeSpan.FromSeconds(20))
                Assert.Fail($"an engine hangs at {engine.Stats}");
            var said = outputs.Count;
            outputs.AddRange(engine.Step());
            if (outputs.Count > said)
                progress = DateTime.UtcNow;
            else
                Thread.Yield();   // to the threads that pull what it waits for
        }
        return outputs;
    }

    /// <summary>Steps until nothing is left to do; the tokens of each request by id.</summary>
    public static Dictionary<string, List<int>> Drain(this Engine engine) =>
        engine.RunToEnd().GroupBy(o => o.RequestId).ToDictionary(g => g.Key, g => g.Select(o => o.Token!.Value).ToList());
}
