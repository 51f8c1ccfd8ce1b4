using System.Diagnostics;

namespace Spark.Kernel.Tests;

/// <summary>The real spark-kernel as a process, run in a folder until it exits.</summary>
internal sealed class SpawnedKernel : IDisposable
{
    static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    readonly Process process;
    readonly Task<string> output;
    readonly Task<string> errors;

    public SpawnedKernel(string folder, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "spark-kernel.dll"), .. arguments])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        process = Process.Start(start)!;
        output = process.StandardOutput.ReadToEndAsync();
        errors = process.StandardError.ReadToEndAsync();
    }

    public string Output => output.Result;

    public string Errors => errors.Result;

    public static async Task<SpawnedKernel> RunAsync(string folder, params IEnumerable<string> arguments)
    {
        var kernel = new SpawnedKernel(folder, arguments);
        await kernel.ExitAsync();
        return kernel;
    }

    public async Task<int> ExitAsync()
    {
        await process.WaitForExitAsync().WaitAsync(Deadline);
        return process.ExitCode;
    }

    public int ExitCode => process.ExitCode;

    public async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", ["-s", signal, $"{process.Id}"]);
        await kill.WaitForExitAsync();
    }

    public void Dispose()
    {
        if (!process.HasExited)
            process.Kill();
        process.Dispose();
    }
}
