using System.Diagnostics;
using System.Text.Json;

namespace Spark.Benchmarks;

/// <summary>The course's main command as a learner runs it, and what its last module measured of the machine at its highest load.</summary>
static class CourseSection
{
    static readonly string Kernel = Path.GetFullPath($"lib/Spark.Kernel/bin/Release/net10.0/spark-kernel{(OperatingSystem.IsWindows() ? ".exe" : "")}");
    static readonly string Verdict = Path.GetFullPath("data/results/04_verdict.json");

    /// <exception cref="FileNotFoundException">The command was not built, or this runs elsewhere than in the course's folder.</exception>
    public static async IAsyncEnumerable<Row> RunAsync(SectionOptions options)
    {
        if (!File.Exists(Kernel))
            throw new FileNotFoundException($"{Kernel} is not there. Build it in the course's folder: dotnet build -c Release", Kernel);
        var output = Directory.CreateTempSubdirectory("spark-course-").FullName;
        try
        {
            var began = Stopwatch.GetTimestamp();
            using var course = Process.Start(new ProcessStartInfo(Kernel, ["run", "--out", output]) { RedirectStandardOutput = true })!;
            var report = course.StandardOutput.ReadToEndAsync();
            await course.WaitForExitAsync();
            if (course.ExitCode != 0)
                throw new InvalidOperationException($"The course failed: {await report}");
            yield return new() { Name = "whole course, run", Unit = "s", Samples = [new(Stopwatch.GetElapsedTime(began).TotalSeconds)], Reach = Reach.AtMost(240, "s") };
        }
        finally
        {
            Directory.Delete(output, recursive: true);
        }
        yield return new() { Name = "module 04: all but the engines, highest load", Unit = "% cores", Samples = [.. OverheadShares().Select(share => new Sample(100 * share))], Reach = Reach.AtMost(20, "% cores") };
    }

    // Of every run of every architecture that was measured at the highest rate of its workload.
    static IEnumerable<double> OverheadShares()
    {
        using var verdict = JsonDocument.Parse(File.ReadAllBytes(Verdict));
        var workloads = verdict.RootElement.GetProperty("workloads").EnumerateArray().ToList();
        var highest = workloads.Max(workload => workload.GetProperty("rateMultiple").GetDouble());
        return [.. workloads.Where(workload => workload.GetProperty("rateMultiple").GetDouble() == highest)
            .SelectMany(workload => workload.GetProperty("architectures").EnumerateArray())
            .SelectMany(architecture => architecture.GetProperty("overheadShare").GetProperty("repeats").EnumerateArray())
            .Select(share => share.GetDouble())];
    }
}
