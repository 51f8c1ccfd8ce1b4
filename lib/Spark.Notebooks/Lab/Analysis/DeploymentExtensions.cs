using static Spark.Notebooks.Table;

namespace Spark.Notebooks;

/// <summary>A deployment against the arithmetic of its model.</summary>
public static class DeploymentExtensions
{
    /// <summary>The shape of the model that is served, from its config.json, with the KV cache's data type as it was started.</summary>
    /// <exception cref="InvalidOperationException">The engine's node has no config.json of the model.</exception>
    public static ModelShape Shape(this Deployment deployment)
    {
        var (node, command, config) = (deployment.Engines[0].Address.Node, deployment.Engines[0].Command, deployment.Engines[0].Config);
        if (config is null)
            throw new InvalidOperationException($"{node} has no config.json of {command.Model}, neither in a folder of this name nor in its Hugging Face cache (HF_HOME of vllm.environment in the cluster file names another).");
        return ModelShape.Parse(config, $"{command.Model}/config.json") with { KvDtypeBytes = command.Knobs.KvCacheDtype == "float32" ? 4 : 2 };
    }

    /// <summary>The first engine's KV capacity by the formula. Activations are those that it logs; where it logs none (vLLM does so at debug level only), what weights and cache leave unexplained.</summary>
    public static KvCapacity Capacity(this Deployment deployment) =>
        KvCapacityOf(deployment.Shape(), deployment.Engines[0].DeviceMemory, deployment.Engines[0].Command.Knobs.GpuMemoryUtilization, deployment.Engines[0].Log);

    internal static KvCapacity KvCapacityOf(ModelShape shape, ByteSize memory, double utilization, EngineLog log)
    {
        var capacity = new KvCapacity { Shape = shape, DeviceMemory = memory, Utilization = utilization };
        if (log.ActivationsGiB is { } activations)
            return capacity with { Activations = ByteSize.FromGiB(activations) };
        var available = log.KvCacheGiB ?? throw new InvalidOperationException("The engine's log has no line \"Available KV cache memory\".");
        return capacity with { Activations = capacity.Available - ByteSize.FromGiB(available) };
    }

    /// <summary>What the engine said of itself while it started, each figure beside the formula's.</summary>
    public static Table Against(this EngineLog log, KvCapacity capacity)
    {
        var length = log.MaxModelLen ?? capacity.Shape.MaxPositions;
        (string What, double? Logged, double? Computed, string Formula)[] rows =
        [
            ("weights (MiB)", 1024 * log.WeightsGiB, capacity.Shape.WeightBytes.MiB, $"{capacity.Shape.Parameters:N0} parameters × {capacity.Shape.WeightDtypeBytes} B"),
            ("activations and the rest (MiB)", 1024 * log.ActivationsGiB, capacity.Activations.MiB, log.ActivationsGiB is null ? "utilization × memory − weights − KV cache, as logged" : "as logged"),
            ("KV cache (MiB)", 1024 * log.KvCacheGiB, capacity.Available.MiB, $"{capacity.Utilization:0.##} × {capacity.DeviceMemory} − weights − the rest"),
            ("KV cache (tokens)", log.KvCacheTokens, capacity.Tokens, $"whole blocks of {capacity.BlockTokens} tokens, {capacity.Shape.KvBytesPerToken} a token"),
            ($"requests of {length:N0} tokens at once", log.MaxConcurrency, capacity.MaximumConcurrency(length), "blocks ÷ blocks of one request"),
        ];
        return new(
            "The engine's log against the arithmetic",
            new(
                Words("", rows.Select(row => row.What)),
                Numbers("logged", rows.Select(row => row.Logged ?? double.NaN)),
                Numbers("computed", rows.Select(row => row.Computed ?? double.NaN)),
                Words("formula", rows.Select(row => row.Formula))),
            Provenance.Computed("from config.json and the cluster file; the logged column is read from the engine's own start-up lines"));
    }
}
