using System.Text.Json.Serialization;

namespace Spark.Notebooks;

/// <summary>What a run was sent to, proven by run ids: enough to tell two measurements apart, or to say that they may be compared.</summary>
public sealed record LoadTarget
{
    public const string Direct = "direct";
    public const string ThroughGateway = "gateway";

    /// <summary>Such as <c>single</c>.</summary>
    public required string Topology { get; init; }

    /// <summary>How requests travel: <see cref="Direct"/> or <see cref="ThroughGateway"/>.</summary>
    public required string Path { get; init; }

    /// <summary>How the gateway chooses engines; null without one.</summary>
    public string? Policy { get; init; }

    /// <summary>How KV blocks travel, such as <c>shm</c>; null where none do.</summary>
    public string? Transport { get; init; }

    /// <summary>The served model name that requests carry, which every engine of the deployment has and no other server.</summary>
    public required string Model { get; init; }

    /// <summary>The model's own name, such as its directory's: answers of two models are no comparison. Empty where nobody noted it.</summary>
    public string ModelName { get; init; } = "";

    /// <summary>Token budget of a step; null: the engine's default.</summary>
    public int? StepTokens { get; init; }

    /// <summary>Where requests go.</summary>
    public required Uri Endpoint { get; init; }

    /// <summary>The engines behind it.</summary>
    public required IReadOnlyList<EngineAddress> Engines { get; init; }

    /// <summary>The gateway in this process that requests pass, which remembers the way each took; null where there is none.</summary>
    [JsonIgnore]
    public Gateway? Gateway { get; init; }

    /// <summary>The hardware footprint: different nodes that its engines run on.</summary>
    public int Nodes { get => field > 0 ? field : Engines.Count; init; }

    /// <summary>The architecture in charts: the topology, and a step's token budget where it is not the engine's default.</summary>
    public string Architecture => StepTokens is { } tokens ? $"{Topology}, steps of {tokens} tokens" : Topology;

    /// <summary>Architecture, path, policy and transport, such as <c>replicated ×2, gateway, round-robin</c>.</summary>
    public string Name => string.Join(", ", new[] { Architecture, Path, Policy, Transport }.OfType<string>());
}
