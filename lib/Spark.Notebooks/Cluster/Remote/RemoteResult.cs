namespace Spark.Notebooks;

/// <summary>What a command on a machine wrote, and how it ended.</summary>
internal sealed record RemoteResult(int ExitCode, string Output, string Errors);
