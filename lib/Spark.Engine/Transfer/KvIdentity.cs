using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Spark.Engine;

/// <summary>What two engines must have in common for the KV of one to be the KV of the other (NixlConnector's compatibility hash, and what it is made of).</summary>
public sealed record KvIdentity
{
    /// <summary>Of this engine's wire format.</summary>
    public const int ConnectorVersion = 3;

    /// <summary>The string that <c>serve</c> was given: a path on one node and another on the other do not match, as in vLLM.</summary>
    public required string Model { get; init; }

    /// <summary><c>checkpoint</c>, or the seed of random weights.</summary>
    public required string Weights { get; init; }
    public required int Layers { get; init; }
    public required int KvHeads { get; init; }
    public required int HeadDim { get; init; }
    public required int BlockSize { get; init; }
    public required string CacheDtype { get; init; }
    public int Version { get; init; } = ConnectorVersion;

    [JsonIgnore]
    public string Hash => Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(this)));

    internal static KvIdentity Of(EngineOptions options, KvLayout layout) => new()
    {
        Model = options.Model,
        Weights = options.DummyWeights ? $"random, seed {options.Seed}" : "checkpoint",
        Layers = layout.Layers,
        KvHeads = layout.KvHeads,
        HeadDim = layout.HeadDim,
        BlockSize = KvLayout.BlockSize,
        CacheDtype = layout.Dtype == KvDtype.BFloat16 ? "bfloat16" : "float32",
    };

    /// <summary>Such as <c>CacheDtype (bfloat16 here, float32 there)</c>; empty where nothing differs.</summary>
    public string Differences(KvIdentity there)
    {
        var (ours, theirs) = (Fields(this), Fields(there));
        return string.Join(", ", ours.Where(f => theirs[f.Key] != f.Value).Select(f => $"{f.Key} ({f.Value} here, {theirs[f.Key]} there)"));

        static Dictionary<string, string> Fields(KvIdentity identity) =>
            JsonSerializer.SerializeToElement(identity).EnumerateObject().ToDictionary(p => p.Name, p => p.Value.ToString());
    }
}
