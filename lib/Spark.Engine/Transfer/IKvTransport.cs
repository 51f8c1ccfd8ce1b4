using System.Text;
using System.Text.Json;

namespace Spark.Engine;

/// <summary>How the bytes of KV blocks get from a remote engine's pool into this one's.</summary>
internal interface IKvTransport
{
    /// <summary>Copies remote block i over local block i.</summary>
    /// <exception cref="KvTransferException">The remote engine does not hold them, or what came is not what was sent.</exception>
    void Read(RemoteEngine remote, Wire wire, string requestId, int[] remoteBlocks, int[] localBlocks, KvPool pool);
}

/// <summary>The remote engine sends them over the side channel's connection: its CPU takes part, as with sockets between machines.</summary>
internal sealed class TcpTransport : IKvTransport
{
    public void Read(RemoteEngine remote, Wire wire, string requestId, int[] remoteBlocks, int[] localBlocks, KvPool pool)
    {
        wire.Send(WireKind.Blocks, JsonSerializer.SerializeToUtf8Bytes(new BlockRequest(requestId, remoteBlocks)));
        var (kind, payload) = wire.Receive();
        if (kind != WireKind.Blocks)
            throw new KvTransferException($"The prefill engine refused: {Encoding.UTF8.GetString(payload)}.");
        if (!wire.ReceiveBlocks(pool, localBlocks))
            throw new KvTransferException("The KV blocks that came do not match their checksum.");
    }
}

/// <summary>This process reads them out of the remote engine's memory: one-sided, as an RDMA read.</summary>
internal sealed class ShmTransport : IKvTransport
{
    public unsafe void Read(RemoteEngine remote, Wire wire, string requestId, int[] remoteBlocks, int[] localBlocks, KvPool pool)
    {
        var (source, size) = (remote.Shared, pool.Layout.BytesPerBlock);
        for (var i = 0; i < remoteBlocks.Length; i++)
        {
            if (remoteBlocks[i] < 0 || remoteBlocks[i] >= remote.Handshake.Blocks)
                throw new KvTransferException($"Block {remoteBlocks[i]} lies outside the prefill engine's pool of {remote.Handshake.Blocks}.");
            source.Read(remoteBlocks[i] * size, pool.Block(localBlocks[i]), size);
        }
    }
}
