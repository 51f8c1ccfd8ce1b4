using System.Diagnostics.CodeAnalysis;

namespace Spark.Notebooks;

/// <summary>What two measurements may differ in besides the thing compared, once whoever compares them has said so.</summary>
[Flags]
[SuppressMessage("Naming", "CA1711", Justification = "Several may be stated, and Differences reads worse where one is.")]
public enum Difference
{
    None = 0,

    /// <summary>One through the gateway, one not.</summary>
    Path = 1,

    /// <summary>Another number of nodes.</summary>
    Hardware = 2,

    /// <summary>Other requests, or other arrivals of the same.</summary>
    Workload = 4,
}
