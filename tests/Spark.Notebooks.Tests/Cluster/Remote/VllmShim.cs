using System.Text.Json;

namespace Spark.Notebooks.Tests;

/// <summary>A Python environment whose <c>vllm</c> is spark-engine, started with vLLM's own flags, with a helper process beside it as <c>VLLM::EngineCore</c> is.</summary>
internal static class VllmShim
{
    /// <summary>Of an engine's environment: the core that it is pinned to, if any.</summary>
    public const string CoreVariable = "SPARK_TESTS_CORE";

    public const string DeviceMemory = "704MiB";

    public static Knobs Knobs { get; } = new() { GpuMemoryUtilization = 0.3, Requests = 6, PromptTokens = 100, OutputTokens = 8, Repeats = 1, MaxModelLen = 512 };

    /// <param name="before">Lines of shell that go before the engine.</param>
    public static string Write(string folder, string version = "0.13.0", string before = "")
    {
        var engine = EngineExecutable.Find();
        var program = Path.Combine(Directory.CreateDirectory(Path.Combine(folder, "venv", "bin")).FullName, "vllm");
        File.WriteAllText(program, $$"""
            #!/bin/sh
            [ "$1" != --version ] || exec echo {{version}}
            {{before}}
            sleep 300 &
            echo "helper $!"
            exec {{Shell.Quote([engine.FileName, .. engine.LeadingArguments])}} "$@" --device-memory {{DeviceMemory}} ${{{CoreVariable}}:+--cores "${{CoreVariable}}"}
            """);
        // What measure.py measures there with PyTorch, the engine measures here: same arguments, same JSON.
        var python = Path.Combine(folder, "venv", "bin", "python");
        File.WriteAllText(python, $$"""
            #!/bin/sh
            shift
            exec {{Shell.Quote([engine.FileName, .. engine.LeadingArguments])}} "$@" ${{{CoreVariable}}:+--cores "${{CoreVariable}}"}
            """);
        SshServer.Run("chmod", "+x", program, python);
        return Path.Combine(folder, "venv");
    }

    /// <summary>Two machines, both of them this sshd, that run the shim.</summary>
    public static ClusterFile Cluster(SshServer server, int watchdogSeconds = 4, int seat = 0, string? venv = null)
    {
        var first = Random.Shared.Next(10_000, 29_000);
        return new()
        {
            Model = RepositoryRoot.Combine("data/models/tales-25m"),
            Machines = [.. Enumerable.Range(0, 2).Select(i => server.Machine with { Name = $"spark-{i}", Ports = $"{first + (100 * i)}-{first + (100 * i) + 19}" })],
            SshConfig = server.Config,
            Seat = seat,
            WatchdogSeconds = watchdogSeconds,
            Vllm = new() { Venv = venv ?? Write(server.Folder), StartMinutes = 1 },
        };
    }

    public static string WriteCluster(ClusterFile file, string folder)
    {
        var path = Path.Combine(folder, $"{Guid.NewGuid():N}.json");
        File.WriteAllText(path, JsonSerializer.Serialize(file, JsonSerializerOptions.Web));
        return path;
    }
}
