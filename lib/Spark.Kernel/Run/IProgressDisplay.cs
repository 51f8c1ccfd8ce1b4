namespace Spark.Kernel;

/// <summary>Shows on the terminal how a notebook's run goes.</summary>
internal interface IProgressDisplay
{
    /// <summary>Runs the notebook and shows its progress until it ends.</summary>
    Task<NotebookResult> ShowAsync(NotebookRun run);
}
