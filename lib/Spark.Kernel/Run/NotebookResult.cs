namespace Spark.Kernel;

/// <summary>How one notebook went.</summary>
internal sealed record NotebookResult
{
    public required string Notebook { get; init; }

    public required int CellsRun { get; init; }

    public required int Cells { get; init; }

    public required TimeSpan Elapsed { get; init; }

    /// <summary>The HTML file; the executed notebook stands beside it.</summary>
    public required string OutputFile { get; init; }

    public CellFailure? Failure { get; init; }

    /// <summary>What ended the run from outside, if anything did.</summary>
    public Interruption? Interruption { get; init; }

    public int ExitCode => Interruption?.ExitCode ?? (Failure is null ? 0 : 1);
}
