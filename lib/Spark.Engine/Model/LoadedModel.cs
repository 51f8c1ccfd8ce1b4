using System.Diagnostics;
using System.Globalization;

namespace Spark.Engine;

/// <summary>A model ready to compute: its shape, its packed weights, its scratch memory, and the limits it was sized for.</summary>
internal sealed class LoadedModel : IDisposable
{
    readonly LlamaWeights weights;

    LoadedModel(ModelConfig config, LlamaWeights weights, KvLayout layout, SchedulerLimits limits)
    {
        (Config, this.weights, Layout, Limits) = (config, weights, layout, limits);
        Llama = new Llama(config, weights, layout, limits);
    }

    public ModelConfig Config { get; }
    public KvLayout Layout { get; }
    public SchedulerLimits Limits { get; }
    public Llama Llama { get; }
    public long WeightBytes => weights.Bytes;

    /// <exception cref="ModelFormatException">Names the file and the field or tensor.</exception>
    public static LoadedModel Load(EngineOptions options, EngineLog log)
    {
        var config = ModelConfig.Load(options.Model);
        var limits = new SchedulerLimits(options.MaxNumBatchedTokens, options.MaxNumSeqs, ContextLength(options, config));
        var layout = new KvLayout(config.Layers, config.KvHeads, config.HeadDim, options.KvCacheDtype);
        log.Info("Model", $"Starting to load model {options.Model}{(options.DummyWeights ? " with random weights" : "")}...");
        var started = Stopwatch.GetTimestamp();
        var weights = options.DummyWeights ? LlamaWeights.Dummy(config, options.Seed, options.Float32Weights) : LlamaWeights.Load(config, options.Model, options.Float32Weights);
        log.Info("Model", string.Create(CultureInfo.InvariantCulture,
            $"Model loading took {weights.Bytes / (double)(1L << 30):F4} GiB memory and {Stopwatch.GetElapsedTime(started).TotalSeconds:F6} seconds"));
        return new LoadedModel(config, weights, layout, limits);
    }

    static int ContextLength(EngineOptions options, ModelConfig config) => options.MaxModelLen switch
    {
        null => config.MaxPositions,
        { } asked when asked > config.MaxPositions => throw new ModelFormatException(
            $"User-specified max_model_len ({asked}) is greater than the derived max_model_len (max_position_embeddings={config.MaxPositions}) of {options.Model}."),
        { } asked => asked,
    };

    public void Dispose()
    {
        Llama.Dispose();
        weights.Dispose();
    }
}
