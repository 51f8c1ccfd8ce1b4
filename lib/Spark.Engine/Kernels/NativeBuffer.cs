using System.IO.MemoryMappedFiles;

namespace Spark.Engine;

/// <summary>Page-aligned zeroed memory outside the garbage collector's heap; pages cost physical memory once they are touched.</summary>
internal sealed unsafe class NativeBuffer : IDisposable
{
    readonly MemoryMappedFile map;
    readonly MemoryMappedViewAccessor view;
    readonly byte* pointer;

    public NativeBuffer(long bytes)
    {
        Bytes = bytes;
        map = MemoryMappedFile.CreateNew(null, Math.Max(bytes, 1));
        view = map.CreateViewAccessor();
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref pointer);
    }

    public long Bytes { get; }
    public byte* Pointer => pointer;

    public void Dispose()
    {
        view.SafeMemoryMappedViewHandle.ReleasePointer();
        view.Dispose();
        map.Dispose();
    }
}
