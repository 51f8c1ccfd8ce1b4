using Spark.Engine;

namespace Spark.Benchmarks;

/// <summary>An engine in this process, loaded as <c>serve</c> loads it, and warm.</summary>
sealed class EngineUnderTest : IDisposable
{
    public EngineUnderTest(string model, bool float32 = false)
    {
        Options = new()
        {
            Model = model,
            Float32Weights = float32,
            EnablePrefixCaching = false,
            DummyWeights = !HasWeights(model),
        };
        Model = LoadedModel.Load(Options, EngineLog.None);
        Capacity = KvCapacity.Of(Options, Model.Layout, Model.Limits.MaxModelLen, Model.WeightBytes, Model.Llama.ActivationBytes);
        Engine = new(Model, Capacity, Options, TimeProvider.System);
        Engine.WarmUp();
    }

    public EngineOptions Options { get; }
    public LoadedModel Model { get; }
    public KvCapacity Capacity { get; }
    public Engine.Engine Engine { get; }
    public EngineRun Run => field ??= new(Engine, Model.Config.VocabSize);

    /// <summary>Whether the directory is a checkpoint, not just a shape.</summary>
    public static bool HasWeights(string model) => File.Exists(Path.Combine(model, "model.safetensors")) || File.Exists(Path.Combine(model, "model.safetensors.index.json"));

    /// <summary>Says where it runs, when that is not where it was to run.</summary>
    public static void Pin(int core)
    {
        if (Placement.Pin([core]) is { } problem)
            Console.Error.WriteLine($"not pinned: {problem}");
    }

    public void Dispose()
    {
        Engine.Dispose();
        Model.Dispose();
    }
}
