using Spark.Engine;

namespace Spark.Benchmarks;

/// <summary>The barest way to get a range of the source's pool here.</summary>
interface IBareCopy : IDisposable
{
    void Copy(long offset, Span<byte> destination);
}

sealed class SocketCopy(KvSource.Directory source) : IBareCopy
{
    readonly TcpPull socket = new($"{source.Host}:{source.SocketPort}");

    public void Copy(long offset, Span<byte> destination) => socket.Pull(offset, destination);

    public void Dispose() => socket.Dispose();
}

sealed unsafe class MemoryCopy(SectionOptions options, KvSource.Directory source) : IBareCopy
{
    readonly RemoteEngine remote = RemoteEngine.Connect(
        new() { RemoteEngineId = KvSource.EngineId, RemoteHost = source.Host, RemotePort = source.SideChannelPort }, KvSource.Identity(options), KvSource.Layout(options).BytesPerBlock, KvSource.Config("shm", source.Host));

    public void Copy(long offset, Span<byte> destination)
    {
        fixed (byte* target = destination)
            remote.Shared.Read(offset, target, destination.Length);
    }

    public void Dispose() => remote.Dispose();
}
