namespace Spark.Notebooks;

/// <summary>A recorded batch that was spread over two nodes: the mean latency of its requests, and the time until the last was done.</summary>
public sealed record RecordedHalves(int Requests, TimeSpan MeanLatency, TimeSpan WallTime);
