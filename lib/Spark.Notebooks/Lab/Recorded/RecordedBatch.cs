namespace Spark.Notebooks;

/// <summary>A recorded batch: all requests sent at once, and the time until the last was done.</summary>
public sealed record RecordedBatch(int Requests, int OutputTokens, TimeSpan WallTime, Provenance Provenance)
{
    public double OutputTokensPerSecond => OutputTokens / WallTime.TotalSeconds;
}
