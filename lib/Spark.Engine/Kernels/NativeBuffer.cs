using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Spark.Engine;

/// <summary>Page-aligned zeroed memory outside the garbage collector's heap; pages cost physical memory once they are touched.</summary>
internal sealed unsafe partial class NativeBuffer : IDisposable
{
    readonly MemoryMappedFile map;
    readonly MemoryMappedViewAccessor view;
    readonly byte* pointer;

    public NativeBuffer(long bytes) : this(bytes, MemoryMappedFile.CreateNew(null, Math.Max(bytes, 1)), null)
    {
    }

    NativeBuffer(long bytes, MemoryMappedFile map, string? path)
    {
        (Bytes, this.map, Path) = (bytes, map, path);
        view = map.CreateViewAccessor();
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref pointer);
    }

    public long Bytes { get; }
    public byte* Pointer => pointer;

    /// <summary>Opens the same memory from another process of this user; null where it is not shared.</summary>
    public string? Path { get; }

    /// <summary>Memory that another process can map. On Linux it has no name, so that nothing of it is left when this process dies, however it dies.</summary>
    public static NativeBuffer Shared(long bytes)
    {
        if (OperatingSystem.IsLinux())
        {
            var descriptor = CreateAnonymousFile("spark-engine-kv", 0);
            if (descriptor < 0)
                throw new IOException($"memfd_create failed with errno {Marshal.GetLastPInvokeError()}.");
            var handle = new SafeFileHandle(descriptor, ownsHandle: true);
            RandomAccess.SetLength(handle, bytes);
            return new(bytes, MemoryMappedFile.CreateFromFile(handle, null, bytes, MemoryMappedFileAccess.ReadWrite, HandleInheritability.None, leaveOpen: false), $"/proc/{Environment.ProcessId}/fd/{descriptor}");
        }
        var path = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"spark-engine-kv-{Guid.NewGuid():N}");
        var file = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, 1, FileOptions.DeleteOnClose);
        return new(bytes, MemoryMappedFile.CreateFromFile(file, null, bytes, MemoryMappedFileAccess.ReadWrite, HandleInheritability.None, leaveOpen: false), path);
    }

    /// <summary>Makes every page resident now, so that no first use pays for it.</summary>
    public void Touch()
    {
        for (var offset = 0L; offset < Bytes; offset += Environment.SystemPageSize)
            pointer[offset] = 0;
    }

    // https://man7.org/linux/man-pages/man2/memfd_create.2.html
    [LibraryImport("libc", EntryPoint = "memfd_create", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int CreateAnonymousFile(string name, uint flags);

    public void Dispose()
    {
        view.SafeMemoryMappedViewHandle.ReleasePointer();
        view.Dispose();
        map.Dispose();
    }
}
