using System.IO.MemoryMappedFiles;

namespace Spark.Engine;

/// <summary>Another process's KV pool, mapped to be read: what RDMA reads are between machines. The other process has no part in a read.</summary>
internal sealed unsafe class SharedKvView : IDisposable
{
    readonly MemoryMappedFile file;
    readonly MemoryMappedViewAccessor view;

    SharedKvView(MemoryMappedFile file, long bytes)
    {
        this.file = file;
        view = file.CreateViewAccessor(0, bytes, MemoryMappedFileAccess.Read);
        // Every page is mapped now, so that no read pays for it.
        for (var offset = 0L; offset < bytes; offset += Environment.SystemPageSize)
            view.ReadByte(offset);
    }

    /// <exception cref="KvTransferException">The memory is not of this machine, or its owner has ended.</exception>
    public static SharedKvView Open(string path, long bytes)
    {
        try
        {
            return new(MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, 0, MemoryMappedFileAccess.Read), bytes);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new KvTransferException($"The shared memory {path} cannot be opened ({e.Message}): transport shm works on one machine only, between processes of one user.", e);
        }
    }

    /// <summary>Copies out; the memory stays mapped until the last read under way has ended, whoever disposes of the view meanwhile.</summary>
    /// <exception cref="ObjectDisposedException">The view was disposed of before.</exception>
    public void Read(long offset, byte* destination, long bytes)
    {
        byte* start = null;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        try
        {
            Buffer.MemoryCopy(start + offset, destination, bytes, bytes);
        }
        finally
        {
            view.SafeMemoryMappedViewHandle.ReleasePointer();
        }
    }

    public void Dispose()
    {
        view.Dispose();
        file.Dispose();
    }
}
