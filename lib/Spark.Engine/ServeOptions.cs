namespace Spark.Engine;

/// <summary>What <c>spark-engine serve</c> was asked for.</summary>
internal sealed record ServeOptions
{
    public required EngineOptions Engine { get; init; }
    public required ApiOptions Api { get; init; }
    public required string TokenizerDirectory { get; init; }
    public string? ChatTemplateFile { get; init; }

    /// <summary>Empty leaves the placement to the operating system.</summary>
    public IReadOnlyList<int> Cores { get; init; } = [];

    /// <summary>Of all but the thread that computes, as a GPU's server runs beside it; empty leaves them on <see cref="Cores"/>.</summary>
    public IReadOnlyList<int> ApiCores { get; init; } = [];
    public bool ExitWithParent { get; init; }
}
