using System.Diagnostics;

namespace Spark.Benchmarks;

/// <summary>A program of another engine, run to its end on the cores of the thread that starts it.</summary>
static class PeerTool
{
    /// <exception cref="InvalidOperationException">It failed; the message has the command and its last words.</exception>
    public static (string Output, string Errors) Run(string path, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(Path.GetFullPath(path), arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),   // some leave a log where they run
        })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? (output, errors.Result) : throw Failure(path, arguments, $"ended with exit code {process.ExitCode}", errors.Result);
    }

    public static InvalidOperationException Failure(string path, string[] arguments, string what, string said) =>
        new($"{path} {string.Join(' ', arguments)} {what}. Run it by hand to see why. It said: {said.Trim().Split('\n')[^1]}");
}
