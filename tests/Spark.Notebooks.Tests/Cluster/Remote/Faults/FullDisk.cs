namespace Spark.Notebooks.Tests;

/// <summary>A file system of its own, of a few pages, mounted on a folder. Needs root.</summary>
internal sealed class FullDisk : IDisposable
{
    readonly string folder;

    public FullDisk(string folder)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "mounting a file system needs root");
        this.folder = Directory.CreateDirectory(folder).FullName;
        SshServer.Run("mount", "-t", "tmpfs", "-o", "size=256k,mode=700", "spark-notebooks-tests", folder);
    }

    /// <summary>Leaves not a byte.</summary>
    public void Fill()
    {
        using var filler = new FileStream(Path.Combine(folder, "filler"), FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        try
        {
            while (true)
                filler.Write(new byte[1024]);
        }
        catch (IOException)
        {
            // Full.
        }
    }

    public void Dispose() => SshServer.Run("umount", "--lazy", folder);
}
