namespace Spark.Kernel;

/// <summary>What an interactive front end wants otherwise than a run from first cell to last.</summary>
internal sealed record SessionOptions
{
    /// <summary>What an earlier cell's background work shows goes to that cell, and not, labelled, to the running one.</summary>
    public bool KeepsOutputWithItsCell { get; init; }

    /// <summary>Libraries are loaded from copies, so that they can be rebuilt while the session lives.</summary>
    public bool CopiesLibraries { get; init; }

    /// <summary>What cells read from the console.</summary>
    public TextReader Input { get; init; } = TextReader.Null;
}
