namespace Spark.Engine;

/// <summary>Where a stream reports its token counts, by <c>stream_options</c>.</summary>
internal enum StreamUsage
{
    Nowhere,
    AtTheEnd,
    InEveryChunk,
}
