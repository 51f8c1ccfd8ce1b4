namespace Spark.Benchmarks;

/// <summary>What a section measures with.</summary>
/// <param name="Model">Model directory; a shape without weights gets random ones.</param>
/// <param name="Core">Core of the engine that is measured.</param>
/// <param name="OtherCore">Core of whatever talks to it.</param>
/// <param name="Repeats">Measurements a row.</param>
sealed record SectionOptions(string Model, int Core, int OtherCore, int Repeats)
{
    /// <summary>What the engine is set beside, where anything is given.</summary>
    public PeerOptions Peers { get; init; } = new(null, null, []);

    /// <summary>Path of vLLM's toy_proxy_server.py, to set the gateway beside; null without one.</summary>
    public string? ToyProxy { get; init; }

    /// <summary>That give these options to a section's own process.</summary>
    public IEnumerable<string> Arguments =>
    [
        "--model", Model, "--core", $"{Core}", "--other-core", $"{OtherCore}", "--repeats", $"{Repeats}", .. Peers.Arguments,
        .. ToyProxy is null ? Array.Empty<string>() : ["--toy-proxy", ToyProxy],
    ];
}
