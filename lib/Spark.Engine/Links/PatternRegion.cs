using System.IO.MemoryMappedFiles;

namespace Spark.Engine;

/// <summary>Memory that another process of this user can map; every 8-byte word of it holds its own offset, so that a copy can be checked.</summary>
internal sealed unsafe class PatternRegion : IDisposable
{
    readonly FileStream file;
    readonly MemoryMappedFile map;
    readonly MemoryMappedViewAccessor view;
    readonly byte* pointer;

    PatternRegion(FileStream file, string path, MemoryMappedFileAccess access)
    {
        (this.file, Path) = (file, path);
        map = MemoryMappedFile.CreateFromFile(file, null, file.Length, access, HandleInheritability.None, leaveOpen: true);
        view = map.CreateViewAccessor(0, file.Length, access);
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref pointer);
    }

    /// <summary>Where another process finds it, as long as this one lives.</summary>
    public string Path { get; }

    public ReadOnlySpan<byte> Bytes => new(pointer, checked((int)file.Length));

    /// <summary>On Linux it has no name once it is made, so that nothing of it is left when this process dies, however it dies.</summary>
    public static PatternRegion Create(int bytes)
    {
        var path = System.IO.Path.Combine(Directory.Exists("/dev/shm") ? "/dev/shm" : System.IO.Path.GetTempPath(), $"spark-engine-link-{Guid.NewGuid():N}");
        var file = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, 1, FileOptions.DeleteOnClose);
        file.SetLength(bytes);
        if (OperatingSystem.IsLinux())
        {
            File.Delete(path);
            path = $"/proc/{Environment.ProcessId}/fd/{file.SafeFileHandle.DangerousGetHandle()}";
        }
        var region = new PatternRegion(file, path, MemoryMappedFileAccess.ReadWrite);
        var words = new Span<long>(region.pointer, bytes / sizeof(long));
        for (var i = 0; i < words.Length; i++)
            words[i] = (long)i * sizeof(long);
        return region;
    }

    /// <summary>Another process's region, to be read only.</summary>
    public static PatternRegion Open(string path) =>
        new(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1), path, MemoryMappedFileAccess.Read);

    /// <summary>Whether the first and the last word of a copy are what the region holds at <paramref name="offset"/>; both are multiples of 8.</summary>
    public static bool IsCopyOf(ReadOnlySpan<byte> copy, long offset) =>
        BitConverter.ToInt64(copy) == offset && BitConverter.ToInt64(copy[^sizeof(long)..]) == offset + copy.Length - sizeof(long);

    public void Dispose()
    {
        view.SafeMemoryMappedViewHandle.ReleasePointer();
        view.Dispose();
        map.Dispose();
        file.Dispose();
    }
}
