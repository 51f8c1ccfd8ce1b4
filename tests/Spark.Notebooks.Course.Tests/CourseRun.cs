using System.Diagnostics;

namespace Spark.Notebooks.Course.Tests;

/// <summary>The course's main command, run once for all tests that look at what it leaves; a learner's own results stay as they are.</summary>
[CollectionDefinition(nameof(CourseRun))]
public sealed class CourseRun : ICollectionFixture<CourseRun>, IAsyncLifetime
{
    static readonly TimeSpan Deadline = TimeSpan.FromMinutes(15);

    public string Folder { get; } = Directory.CreateTempSubdirectory("course-").FullName;
    public string Output { get; private set; } = "";
    public int ExitCode { get; private set; } = -1;
    public IEnumerable<string> Pages => Directory.EnumerateFiles(Folder, "*.html").Order();

    public async ValueTask InitializeAsync()
    {
        var notebooks = Path.Combine(Folder, "notebooks");
        SolvedNotebooks.WriteTo(notebooks);
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "spark-kernel.dll"), "run", "--notebooks", notebooks, "--out", Folder])
        {
            WorkingDirectory = Repository.Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["SPARK_RESULTS"] = Path.Combine(Folder, "results");
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var deadline = new CancellationTokenSource(Deadline);
        try
        {
            await process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
        }
        Output = await output + await errors;
        ExitCode = process.ExitCode;
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(Folder, recursive: true);
        return ValueTask.CompletedTask;
    }
}
