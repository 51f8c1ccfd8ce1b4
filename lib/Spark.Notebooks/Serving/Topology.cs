using System.Diagnostics.CodeAnalysis;

namespace Spark.Notebooks;

/// <summary>How a deployment spreads over nodes: engine i, with role i, runs on node i.</summary>
public sealed record Topology
{
    Topology(string name, bool hasGateway, IEnumerable<EngineRole> roles) => (Name, HasGateway, Roles) = (name, hasGateway, [.. roles]);

    /// <summary>One engine on the first node, asked directly.</summary>
    [SuppressMessage("Naming", "CA1720", Justification = "The course's word for it; no one reads float here.")]
    public static Topology Single { get; } = new("single", false, [EngineRole.Both]);

    public string Name { get; }

    public IReadOnlyList<EngineRole> Roles { get; }

    /// <summary>Whether requests pass a gateway on their way to the engines.</summary>
    public bool HasGateway { get; private init; }

    /// <summary>Whether prompts and answers are computed by different engines.</summary>
    public bool IsDisaggregated => Roles.Contains(EngineRole.Prefill);

    /// <summary>Engines that each serve whole requests, behind a gateway.</summary>
    public static Topology Replicated(int engines)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(engines, 1);
        return new($"replicated ×{engines}", true, Enumerable.Repeat(EngineRole.Both, engines));
    }

    /// <summary>Prefill engines on the first nodes and decode engines on those after them, behind a gateway that sends each request through one of either.</summary>
    public static Topology Disaggregated(int prefill, int decode)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(prefill, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(decode, 1);
        return new($"disaggregated {prefill}P{decode}D", true, [.. Enumerable.Repeat(EngineRole.Prefill, prefill), .. Enumerable.Repeat(EngineRole.Decode, decode)]);
    }

    /// <summary>The same engines with a gateway before them, so that what the gateway itself costs can be told from what an architecture does.</summary>
    public Topology BehindGateway() => this with { HasGateway = true };

    public override string ToString() => Name;
}
