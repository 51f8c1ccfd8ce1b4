namespace Spark.Notebooks;

/// <summary>What a command for vLLM itself has beyond one for the embedded engine.</summary>
public sealed record VllmOptions
{
    public required VllmVersion Version { get; init; }

    /// <summary><c>cuda</c>, or <c>cpu</c> for a copy of the KV cache in host memory, as large again.</summary>
    public string KvBufferDevice { get; init; } = "cuda";

    /// <summary><c>UCX_NET_DEVICES</c>; null leaves the choice to UCX.</summary>
    public string? NetDevices { get; init; }

    /// <summary>Further variables, which go before those that the course sets.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();
}
