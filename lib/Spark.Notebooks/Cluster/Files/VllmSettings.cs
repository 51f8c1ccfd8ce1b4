namespace Spark.Notebooks;

/// <summary>How vLLM is started on the machines of a cluster file, as written there.</summary>
public sealed record VllmSettings
{
    /// <summary>The Python environment whose <c>bin/vllm</c> is started, the same path on every machine.</summary>
    public string Venv { get; init; } = "~/vllm";

    /// <summary><c>cuda</c> or <c>cpu</c>, NixlConnector's <c>kv_buffer_device</c>.</summary>
    public string KvBufferDevice { get; init; } = "cuda";

    public double StartMinutes { get; init; } = 20;

    /// <summary>Further variables, no secrets.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();
}
