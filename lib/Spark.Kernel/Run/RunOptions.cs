namespace Spark.Kernel;

/// <summary>What the command line of <c>run</c> asks for.</summary>
internal sealed record RunOptions
{
    /// <summary>Beginnings of notebook names, such as <c>01</c>; empty means all.</summary>
    public IReadOnlyList<string> Modules { get; init; } = [];

    /// <summary>The value of SPARK_CLUSTER for the notebooks, or null to leave it as it is.</summary>
    public string? Cluster { get; init; }

    /// <summary>Where results go, relative to the folder that holds the notebooks' folder.</summary>
    public string Out { get; init; } = "artifacts";

    /// <summary>The notebooks' folder, looked for from the current directory upwards.</summary>
    public string Notebooks { get; init; } = "notebooks";

    /// <summary>How long one cell may run.</summary>
    public TimeSpan CellTimeout { get; init; } = TimeSpan.FromMinutes(10);
}
