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

    /// <summary>Steps until nothing is left to do; the tokens of each request by id.</summary>
    public static Dictionary<string, List<int>> Drain(this Engine engine)
    {
        var tokens = new Dictionary<string, List<int>>();
        while (engine.HasWork)
            foreach (var output in engine.Step())
            {
                if (!tokens.TryGetValue(output.RequestId, out var list))
                    tokens[output.RequestId] = list = [];
                list.Add(output.Token!.Value);
            }
        return tokens;
    }
}
