namespace Spark.Kernel;

/// <summary>What ends a run from outside its cells: why, the exit code that it means, and the exception if one did it.</summary>
internal sealed record Interruption(string Reason, int ExitCode, Exception? Error = null)
{
    /// <summary>Whether the process has begun to end, so that there is no stopping the running cell first.</summary>
    public bool IsEndOfProcess { get; init; }
}
