using System.Diagnostics;

namespace Spark.Notebooks.Tests;

public class OwningProcesses
{
    static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Both_output_streams_are_kept_in_memory_and_in_a_file()
    {
        await using var process = Start("dies");
        Assert.Equal(3, await process.Exited.WaitAsync(Deadline));
        Assert.Contains(process.Log.Lines, line => line.EndsWith("0.250000 seconds", StringComparison.Ordinal));
        Assert.Contains("ValueError: no such luck", process.Log.Lines);
        await process.DisposeAsync();
        Assert.Equal(process.Log.Lines.Order(), File.ReadAllLines(process.Log.Path).Order());
        process.Log.Delete();
    }

    [Fact]
    public void Only_the_last_thousand_lines_stay_in_memory()
    {
        using var log = new OutputLog(Path.GetTempFileName());
        foreach (var line in Enumerable.Range(0, 1_234))
            log.Add($"{line}");
        Assert.Equal(Enumerable.Range(234, 1_000).Select(line => $"{line}"), log.Lines);
        log.Delete();
        Assert.False(File.Exists(log.Path));
    }

    [Fact]
    public async Task Closing_its_input_ends_it()
    {
        var process = Start("mute");
        await process.DisposeAsync();
        Assert.Equal(0, await process.Exited);
        Assert.True(await IsGoneAsync(process.Id));
        await process.DisposeAsync();
        process.Log.Delete();
    }

    [Fact]
    public async Task One_that_does_not_listen_is_ended_all_the_same()
    {
        var process = Start("deaf");
        await WaitForAsync(() => process.Log.Lines.Count == 2);
        await process.DisposeAsync();
        Assert.NotEqual(0, await process.Exited);
        Assert.True(await IsGoneAsync(process.Id));
        process.Log.Delete();
    }

    [Fact]
    public Task Killing_the_owner_outright_leaves_nothing_running() =>
        KillTheOwnerOfAsync(FakeEngine.Executable("mute"), "serve", "--port", "0", "--served-model-name", "a");

    /// <summary>Has a process of its own start the engine, kills that process with no chance to clean up, and waits for the engine to be gone.</summary>
    internal static async Task KillTheOwnerOfAsync(EngineExecutable engine, params string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, ["owner", engine.FileName, .. engine.LeadingArguments, .. arguments]) { RedirectStandardOutput = true, RedirectStandardInput = true };
        using var owner = Process.Start(start)!;
        var pid = int.Parse((await owner.StandardOutput.ReadLineAsync().WaitAsync(Deadline))!);
        Assert.False(await IsGoneAsync(pid, TimeSpan.Zero));

        owner.Kill();
        await owner.WaitForExitAsync();
        Assert.True(await IsGoneAsync(pid));
    }

    [Fact]
    public async Task Settings_of_a_runtime_or_server_are_not_inherited()
    {
        Environment.SetEnvironmentVariable("VLLM_API_KEY", "from the notebook's environment");
        await using var process = OwnedProcess.Start(OperatingSystem.IsWindows() ? "cmd" : "/usr/bin/env", OperatingSystem.IsWindows() ? ["/c", "set"] : [], Path.GetTempFileName());
        await process.Exited.WaitAsync(Deadline);
        Environment.SetEnvironmentVariable("VLLM_API_KEY", null);
        Assert.DoesNotContain(process.Log.Lines, line => line.StartsWith("VLLM_", StringComparison.Ordinal) || line.StartsWith("DOTNET_", StringComparison.Ordinal));
        Assert.Contains(process.Log.Lines, line => line.StartsWith("PATH=", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public void A_program_that_does_not_exist_is_named()
    {
        var error = Assert.Throws<IOException>(() => OwnedProcess.Start("/no/such/program", [], Path.GetTempFileName()));
        Assert.Contains("/no/such/program", error.Message);
    }

    internal static async Task<bool> IsGoneAsync(int pid, TimeSpan? deadline = null)
    {
        for (var watch = Stopwatch.StartNew(); ; await Task.Delay(20))
        {
            try
            {
                using var process = Process.GetProcessById(pid);
                if (process.HasExited)
                    return true;
            }
            catch (ArgumentException)
            {
                return true;
            }

            if (watch.Elapsed >= (deadline ?? Deadline))
                return false;
        }
    }

    static OwnedProcess Start(string mode)
    {
        var fake = FakeEngine.Executable(mode);
        return OwnedProcess.Start(fake.FileName, [.. fake.LeadingArguments, "serve", "--port", $"{PortRange.Auto.FindFree()}", "--served-model-name", "a", "b"], Path.GetTempFileName());
    }

    static async Task WaitForAsync(Func<bool> holds)
    {
        for (var watch = Stopwatch.StartNew(); !holds(); await Task.Delay(20))
            Assert.True(watch.Elapsed < Deadline, "It took too long.");
    }
}
