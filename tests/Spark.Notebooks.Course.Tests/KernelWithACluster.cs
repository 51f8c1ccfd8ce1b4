using System.Diagnostics;
using System.Text.Json;

namespace Spark.Notebooks.Course.Tests;

/// <summary>A kernel process of its own whose notebook serves a disaggregated pair behind a gateway, sends load to it without end, and tells what it runs.</summary>
sealed class KernelWithACluster : IDisposable
{
    static readonly TimeSpan StartDeadline = TimeSpan.FromMinutes(2);
    static readonly string[] Cells =
    [
        "#r \"LIBRARY\"\nusing System.IO;\nusing Spark.Notebooks;\nvar cluster = await Cluster.OpenAsync(\"local\");",
        "File.WriteAllText(\"STATE.starting\", \"\");\nvar pair = await cluster.ServeAsync(Topology.Disaggregated(1, 1));",
        "var all = pair.Engines.Select(engine => engine.Process.Id);\nvar ports = pair.Engines.SelectMany(engine => new int?[] { engine.Command.Port, engine.Command.SideChannelPort }).Append(pair.Target.Endpoint.Port);\n"
            + "var load = await Workload.FromTextAsync(pair, new Knobs { Requests = 4, PromptTokens = 64, OutputTokens = 32 });\nvar first = await LoadRun.ClosedLoopAsync(pair, load, 2);\n"
            + "File.WriteAllText(\"STATE.tmp\", System.Text.Json.JsonSerializer.Serialize(new { pids = all, ports, completed = first.Completed, proven = first.IdentityProven }));\nFile.Move(\"STATE.tmp\", \"STATE\");",
        "while (true)\n    await LoadRun.ClosedLoopAsync(pair, load, 2);",
    ];

    readonly Process process;
    readonly string folder = Directory.CreateTempSubdirectory("kernel-").FullName;

    public KernelWithACluster()
    {
        var library = Path.Combine(Repository.Root, "lib", "Spark.Notebooks", "bin", "Release", "net10.0", "Spark.Notebooks.dll");
        Directory.CreateDirectory(Path.Combine(folder, "notebooks"));
        File.WriteAllText(Path.Combine(folder, "notebooks", "04_Killed.ipynb"), JsonSerializer.Serialize(new
        {
            cells = Cells.Select((source, i) => new { cell_type = "code", id = $"c{i}", metadata = new { }, execution_count = (int?)null, outputs = Array.Empty<object>(), source = source.Replace("LIBRARY", library).Replace("STATE", StatePath) }),
            metadata = new { kernelspec = new { display_name = ".NET (C#)", language = "C#", name = ".net-csharp" } },
            nbformat = 4,
            nbformat_minor = 5,
        }));
        process = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "spark-kernel.dll"), "run", "--notebooks", Path.Combine(folder, "notebooks"), "--out", Path.Combine(folder, "out")])
        {
            WorkingDirectory = Repository.Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        // Read, so that it never waits for a reader.
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    string StatePath => Path.Combine(folder, "state.json");

    public async Task StartingAsync() => await OtherProcesses.WaitAsync(() => File.Exists(StatePath + ".starting"), StartDeadline);

    /// <summary>What it runs, once load flows.</summary>
    public async Task<Running> ServingAsync()
    {
        await OtherProcesses.WaitAsync(() => File.Exists(StatePath), StartDeadline);
        return JsonSerializer.Deserialize<Running>(File.ReadAllText(StatePath), JsonSerializerOptions.Web)!;
    }

    /// <summary>Processes that it started and that still run.</summary>
    public int[] Children() => OtherProcesses.ChildrenOf(process.Id);

    /// <summary>SIGKILL, to this process alone.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    public void Dispose()
    {
        if (!process.HasExited)
            process.Kill(entireProcessTree: true);
        process.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    public sealed record Running(int[] Pids, int[] Ports, int Completed, bool Proven);
}
