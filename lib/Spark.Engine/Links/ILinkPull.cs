namespace Spark.Engine;

/// <summary>Fetches bytes of another process's <see cref="PatternRegion"/>.</summary>
internal interface ILinkPull : IDisposable
{
    void Pull(long offset, Span<byte> destination);
}
