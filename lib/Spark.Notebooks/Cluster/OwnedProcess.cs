using System.Diagnostics;

namespace Spark.Notebooks;

/// <summary>
/// A process that lives no longer than this one: its standard input is a pipe that closes, however this process ends, and it ends when that happens
/// (<c>spark-engine --exit-with-parent</c>). No shell takes part, and nothing is ever found by name.
/// </summary>
public sealed class OwnedProcess : INodeProcess
{
    static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);
    static readonly TimeSpan OutputDeadline = TimeSpan.FromSeconds(1);

    // A .NET runtime or a server takes these as orders, and a measurement must not depend on who started the notebook.
    static readonly string[] NotInherited = ["DOTNET_", "COMPlus_", "ASPNETCORE_", "VLLM_"];

    readonly Process process;
    readonly Task output;
    bool disposed;

    OwnedProcess(Process process, OutputLog log)
    {
        this.process = process;
        Id = process.Id;
        Log = log;
        output = Task.WhenAll(CopyAsync(process.StandardOutput), CopyAsync(process.StandardError));
        Exited = WaitAsync();
    }

    public int Id { get; }

    public int? LocalId => Id;

    public OutputLog Log { get; }

    /// <summary>The exit code, once it has ended and all its output is in <see cref="Log"/>.</summary>
    public Task<int> Exited { get; }

    public string? Lost => null;

    /// <param name="environment">Variables besides those that are inherited.</param>
    /// <exception cref="IOException">The program could not be started.</exception>
    public static OwnedProcess Start(string fileName, IEnumerable<string> arguments, string logPath, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(fileName, arguments)
        {
            UseShellExecute = false,
            CreateNoWindow = true,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in start.Environment.Keys.Where(name => NotInherited.Any(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))).ToList())
            start.Environment.Remove(name);
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;

        var log = new OutputLog(logPath);
        try
        {
            return new(Process.Start(start)!, log);
        }
        catch (System.ComponentModel.Win32Exception error)
        {
            log.Delete();
            throw new IOException($"{fileName} could not be started: {error.Message}", error);
        }
    }

    /// <summary>Asks it to end by closing its input, and ends it with all its children when it has not within ten seconds.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, true))
            return;
        process.StandardInput.Close();
        try
        {
            await Exited.WaitAsync(Grace);
        }
        catch (TimeoutException)
        {
            process.Kill(entireProcessTree: true);
            await Exited;
        }

        Log.Dispose();
        process.Dispose();
    }

    async Task<int> WaitAsync()
    {
        await process.WaitForExitAsync();
        // A grandchild may hold the pipes open; what it would still write is of no interest.
        await Task.WhenAny(output, Task.Delay(OutputDeadline));
        return process.ExitCode;
    }

    async Task CopyAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
            Log.Add(line);
    }
}
