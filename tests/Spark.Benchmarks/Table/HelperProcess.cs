using System.Diagnostics;

namespace Spark.Benchmarks;

/// <summary>This program once more, in a process of its own, so that its cores and its CPU time are nobody else's. It ends with its standard input.</summary>
sealed class HelperProcess : IAsyncDisposable
{
    readonly Process process;

    HelperProcess(Process process) => this.process = process;

    public TimeSpan CpuTime
    {
        get
        {
            process.Refresh();
            return process.TotalProcessorTime;
        }
    }

    public static HelperProcess Start(params string[] arguments) => StartBehind([], arguments);

    /// <summary>Compiled as the kernel's process is, in which the gateway lives, and not as the engine's.</summary>
    public static HelperProcess StartLikeKernel(params string[] arguments) => Launch(new(Environment.ProcessPath!, arguments) { Environment = { ["DOTNET_TieredPGO"] = "1", ["DOTNET_TC_QuickJitForLoops"] = "1" } });

    /// <param name="prefix">What is to run this program, such as <c>ip netns exec</c>.</param>
    public static HelperProcess StartBehind(string[] prefix, params string[] arguments)
    {
        string[] command = [.. prefix, Environment.ProcessPath!, .. arguments];
        return Launch(new(command[0], command[1..]));
    }

    static HelperProcess Launch(ProcessStartInfo start)
    {
        (start.RedirectStandardInput, start.RedirectStandardOutput) = (true, true);
        return new(Process.Start(start)!);
    }

    /// <summary>Null where it has ended.</summary>
    public Task<string?> ReadLineAsync() => process.StandardOutput.ReadLineAsync();

    /// <exception cref="InvalidOperationException">It has ended, and said why on standard error.</exception>
    public async Task<string> AnswerAsync(string? question = null)
    {
        if (question is not null)
            await process.StandardInput.WriteLineAsync(question);
        return await ReadLineAsync() ?? throw new InvalidOperationException($"A helper process ended: {string.Join(' ', process.StartInfo.ArgumentList)}");
    }

    /// <exception cref="InvalidOperationException">It failed, and said why on standard error.</exception>
    public async Task EndAsync()
    {
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"Exit code {process.ExitCode}: {string.Join(' ', process.StartInfo.ArgumentList)}");
    }

    public async ValueTask DisposeAsync()
    {
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        process.Dispose();
    }
}
