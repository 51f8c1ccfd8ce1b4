namespace Spark.Notebooks;

/// <summary>An engine of this user that this process did not start: left by an earlier run, or at work for another session.</summary>
/// <param name="RunId">As it was started with; empty for a measurement.</param>
/// <param name="StartedBy">The pid of its parent; 1, or that of a service manager, when its starter is gone.</param>
public sealed record Leftover(int Pid, string RunId, int StartedBy)
{
    public override string ToString() => $"{(RunId.Length > 0 ? RunId : "a measurement")} (pid {Pid}, its parent is {StartedBy})";
}
