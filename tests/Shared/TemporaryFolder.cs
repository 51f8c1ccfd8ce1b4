namespace Spark.Tests;

public sealed class TemporaryFolder : IDisposable
{
    // The real path: macOS keeps its temporary files behind a link.
    public string Path { get; } = Directory.CreateTempSubdirectory("spark-tests-").FullName;

    public string Write(string name, string content)
    {
        var path = System.IO.Path.Combine(Path, name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
        return path;
    }

    public string Read(string name) => File.ReadAllText(System.IO.Path.Combine(Path, name));

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
