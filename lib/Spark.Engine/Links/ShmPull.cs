namespace Spark.Engine;

/// <summary>Copies out of the source's memory: one-sided, the source takes no part, as with an RDMA read.</summary>
internal sealed class ShmPull(string source) : ILinkPull
{
    readonly PatternRegion region = PatternRegion.Open(source);

    public void Pull(long offset, Span<byte> destination) => region.Bytes.Slice((int)offset, destination.Length).CopyTo(destination);

    public void Dispose() => region.Dispose();
}
