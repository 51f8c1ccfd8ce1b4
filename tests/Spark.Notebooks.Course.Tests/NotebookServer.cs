using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Spark.Notebooks.Course.Tests;

/// <summary>Jupyter's notebook server over a folder of its own that holds copies of notebooks and the checkout's library, with the kernel installed for it alone.</summary>
sealed partial class NotebookServer : IAsyncDisposable
{
    const string Executable = "/usr/bin/jupyter-notebook";
    static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);
    static readonly string[] Linked = ["lib", "Spark.Notebooks.sln", "data/models", "data/clusters", "data/prompts", "data/recorded", "data/workloads.json"];

    readonly string folder = Directory.CreateTempSubdirectory("front-end-").FullName;
    readonly TaskCompletionSource<Uri> address = new(TaskCreationOptions.RunContinuationsAsynchronously);
    Process? process;

    NotebookServer()
    {
        Directory.CreateDirectory(Path.Combine(folder, "notebooks"));
        Directory.CreateDirectory(Path.Combine(folder, "data"));
        foreach (var name in Linked)
            File.CreateSymbolicLink(Path.Combine(folder, name), Path.Combine(Repository.Root, name));
    }

    /// <summary>With the token that lets a browser in.</summary>
    public Uri Address => address.Task.Result;

    public static async Task<NotebookServer> StartAsync()
    {
        Tool.Require(File.Exists(Executable), $"There is no {Executable}; on Debian: apt-get install jupyter-notebook");
        var server = new NotebookServer();
        using (var install = server.Start("dotnet", [Path.Combine(AppContext.BaseDirectory, "spark-kernel.dll"), "install"]))
            await install.WaitForExitAsync().WaitAsync(Deadline);
        server.process = server.Start(Executable, ["--no-browser", "--allow-root", "--ip=127.0.0.1", $"--notebook-dir={server.folder}"]);
        await server.address.Task.WaitAsync(Deadline);
        return server;
    }

    public string PathOf(string notebook) => Path.Combine(folder, "notebooks", notebook);

    public async ValueTask DisposeAsync()
    {
        if (process is not null)
        {
            // The server ends its kernels, and they what they serve.
            using (var terminate = Process.Start("kill", ["-s", "TERM", $"{process.Id}"]))
                await terminate.WaitForExitAsync();
            await process.WaitForExitAsync().WaitAsync(Deadline);
            process.Dispose();
        }
        Directory.Delete(folder, recursive: true);
    }

    Process Start(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var kind in new[] { "DATA", "CONFIG", "RUNTIME" })
            start.Environment[$"JUPYTER_{kind}_DIR"] = Path.Combine(folder, kind.ToLowerInvariant() + "-of-jupyter");
        var started = Process.Start(start)!;
        started.OutputDataReceived += (_, _) => { };
        started.ErrorDataReceived += (_, line) =>
        {
            if (Listening().Match(line.Data ?? "") is { Success: true } match)
                address.TrySetResult(new(match.Value));
        };
        started.BeginOutputReadLine();
        started.BeginErrorReadLine();
        return started;
    }

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+/\?token=\w+")]
    private static partial Regex Listening();
}
