using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Spark.Engine;

/// <summary>Page-aligned zeroed memory outside the garbage collector's heap; pages cost physical memory once they are touched.</summary>
internal sealed unsafe partial class NativeBuffer : IDisposable
{
    const long HugePageBytes = 2 << 20;
    readonly byte* pointer;
    readonly Action release;

    public NativeBuffer(long bytes) : this(bytes, OperatingSystem.IsLinux() && bytes >= HugePageBytes ? HugePages(bytes) : Map(MemoryMappedFile.CreateNew(null, Math.Max(bytes, 1))), null)
    {
    }

    NativeBuffer(long bytes, (nint Start, Action Release) memory, string? path)
    {
        (Bytes, Path, release) = (bytes, path, memory.Release);
        pointer = (byte*)memory.Start;
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
            return new(bytes, Map(MemoryMappedFile.CreateFromFile(handle, null, bytes, MemoryMappedFileAccess.ReadWrite, HandleInheritability.None, leaveOpen: false)), $"/proc/{Environment.ProcessId}/fd/{descriptor}");
        }
        var path = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"spark-engine-kv-{Guid.NewGuid():N}");
        var file = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, 1, FileOptions.DeleteOnClose);
        return new(bytes, Map(MemoryMappedFile.CreateFromFile(file, null, bytes, MemoryMappedFileAccess.ReadWrite, HandleInheritability.None, leaveOpen: false)), path);
    }

    /// <summary>Makes every page resident now, so that no first use pays for it.</summary>
    public void Touch()
    {
        // One call for all pages takes a fraction of a fault for each; kernels before 5.14 do not know it.
        if (OperatingSystem.IsLinux() && Advise(pointer, (nint)Bytes, PopulateForWriting) == 0)
            return;
        for (var offset = 0L; offset < Bytes; offset += Environment.SystemPageSize)
            pointer[offset] = 0;
    }

    static (nint, Action) Map(MemoryMappedFile file)
    {
        var view = file.CreateViewAccessor();
        byte* start = null;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        return ((nint)start, () =>
        {
            view.SafeMemoryMappedViewHandle.ReleasePointer();
            view.Dispose();
            file.Dispose();
        });
    }

    // Weights and KV blocks are read in pieces from all over them: with pages of 4 KiB, many a read would wait for its address to be translated.
    static (nint, Action) HugePages(long bytes)
    {
        var reserved = (nint)(bytes + HugePageBytes);
        var start = Map(null, reserved, ReadAndWrite, PrivateAnonymous, -1, 0);
        if (start == -1)
            throw new IOException($"{bytes:N0} bytes of memory cannot be had: {Marshal.GetLastPInvokeErrorMessage()}.");
        var aligned = (nint)((start + HugePageBytes - 1) / HugePageBytes * HugePageBytes);
        _ = Advise((byte*)aligned, (nint)bytes, WithHugePages);   // where it is refused, pages are small
        return (aligned, () => _ = Unmap(start, reserved));
    }

    const int ReadAndWrite = 3, PrivateAnonymous = 0x22, WithHugePages = 14, PopulateForWriting = 23;

    // https://man7.org/linux/man-pages/man2/memfd_create.2.html
    [LibraryImport("libc", EntryPoint = "memfd_create", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int CreateAnonymousFile(string name, uint flags);

    // https://man7.org/linux/man-pages/man2/mmap.2.html
    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    private static partial nint Map(void* address, nint bytes, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(nint address, nint bytes);

    // https://man7.org/linux/man-pages/man2/madvise.2.html
    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(byte* address, nint bytes, int advice);

    public void Dispose() => release();
}
