using System.Diagnostics.CodeAnalysis;

namespace Spark.Notebooks;

/// <summary>How a deployment spreads over nodes: engine i runs on node i.</summary>
public sealed record Topology
{
    Topology(string name, int engines) => (Name, Engines) = (name, engines);

    /// <summary>One engine on the first node, asked directly.</summary>
    [SuppressMessage("Naming", "CA1720", Justification = "The course's word for it; no one reads float here.")]
    public static Topology Single { get; } = new("single", 1);

    public string Name { get; }

    public int Engines { get; }

    public override string ToString() => Name;
}
