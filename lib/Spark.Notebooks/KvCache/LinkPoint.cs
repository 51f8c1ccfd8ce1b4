namespace Spark.Notebooks;

/// <summary>A message and the time that it took.</summary>
public sealed record LinkPoint(ByteSize Size, TimeSpan Time)
{
    public double BytesPerSecond => Size.Bytes / Time.TotalSeconds;
}
