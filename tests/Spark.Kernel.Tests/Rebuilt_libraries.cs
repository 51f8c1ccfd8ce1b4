namespace Spark.Kernel.Tests;

[Collection(TestSession.Collection)]
public sealed class Rebuilt_libraries : IDisposable
{
    readonly TemporaryFolder folder = new();
    readonly string library;

    public Rebuilt_libraries()
    {
        var output = Directory.CreateDirectory(Path.Combine(folder.Path, "bin", "net10.0")).FullName;
        foreach (var file in Directory.GetFiles(Path.GetDirectoryName(TestSession.FixtureLibrary)!))
            File.Copy(file, Path.Combine(output, Path.GetFileName(file)));
        library = Path.Combine(output, Path.GetFileName(TestSession.FixtureLibrary));
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_build_may_replace_the_library_that_a_session_has_loaded()
    {
        using var process = new ProcessState();
        string location;
        using (var session = new Session(folder.Path, new SessionOptions { CopiesLibraries = true }))
        {
            string? shown = null;
            session.Shown += (_, output) => shown = output is ExecuteResult result ? (string?)result.Data["text/plain"] : shown;
            Assert.Null(await session.ExecuteAsync("#r \"bin/net10.0/Fixture.Charts.dll\"\ntypeof(Fixture.Charts.Chart).Assembly.Location"));
            location = shown!;
            Assert.StartsWith(Path.Combine(folder.Path, "bin", "net10.0.loaded-"), location, StringComparison.Ordinal);
            using (File.Open(library, FileMode.Truncate, FileAccess.Write, FileShare.None)) { }
            Assert.Null(await session.ExecuteAsync("Fixture.Charts.Chart.Register();\nnew Fixture.Charts.Chart(\"a\")"));
        }
        if (!OperatingSystem.IsWindows())
            Assert.False(File.Exists(location));
    }

    [Fact]
    public async Task What_a_dead_kernel_left_behind_is_removed()
    {
        using var process = new ProcessState();
        folder.Write($"bin/net10.0.loaded-{int.MaxValue}-dead/old.dll", "");
        using var session = new Session(folder.Path, new SessionOptions { CopiesLibraries = true });
        Assert.Null(await session.ExecuteAsync("#r \"bin/net10.0/Fixture.Charts.dll\"\nnameof(Fixture.Charts)"));
        Assert.Single(Directory.GetDirectories(Path.Combine(folder.Path, "bin"), "*.loaded-*"));
    }
}
