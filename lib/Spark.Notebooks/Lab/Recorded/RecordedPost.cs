namespace Spark.Notebooks;

/// <summary>One message of nixlbench, split as it reports it: the software's work until the transfer is under way, and the transfer itself.</summary>
public sealed record RecordedPost(string Memory, ByteSize Size, TimeSpan Post, TimeSpan Transfer);
