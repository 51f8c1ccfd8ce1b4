using System.Reflection;

namespace Spark.Notebooks;

/// <summary>Reads what this machine tells of itself, for every node of a cluster that runs on it.</summary>
internal static class LocalReadings
{
    public static IReadOnlyList<NodeReadings> Of(Cluster cluster)
    {
        var declared = new ByteSize(cluster.LocalNodes.Sum(node => ByteSize.Parse(node.DeviceMemory).Bytes));
        var here = Here(cluster.ModelPath) with { DeclaredMemory = declared };
        return [.. cluster.LocalNodes.Select(node => here with
        {
            Node = node.Name,
            Cores = node.Cores,
            CoreNeighbours = [.. cluster.LocalNodes.Where(other => other != node && Touch(node, other)).Select(other => other.Name)],
            Ports = $"{node.Ports}",
            FreePort = node.Ports.FindFree(),
        })];
    }

    static NodeReadings Here(string model)
    {
        var memory = MemoryReading.Here();
        var (engine, problem) = Engine();
        var (disk, diskProblem) = Disk(DataFolder.Results);
        var library = typeof(LocalReadings).Assembly;
        return new()
        {
            Node = "",
            Machine = Machine.Here,
            MemoryTotal = memory.Total,
            MemoryFree = memory.Free,
            OpenFiles = FileLimit.Here(),
            Leftovers = LeftoverSearch.Here(),
            Model = ModelFiles.Inspect(model),
            EngineVersion = engine,
            EngineProblem = problem,
            LibraryVersion = library.GetName().Version,
            Configuration = library.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration,
            Dotnet = Environment.Version,
            DiskFree = disk,
            DiskProblem = diskProblem,
            ClockStepNanoseconds = ClockReading.StepNanoseconds(),
            ClockSource = ClockReading.Name(),
        };
    }

    static bool Touch(LocalNode node, LocalNode other) =>
        node.Cores is { } cores && other.Cores is { } others && CoreTopology.WithSiblings(cores).Intersect(CoreTopology.WithSiblings(others)).Any();

    static (Version? Version, string Problem) Engine()
    {
        try
        {
            return (AssemblyName.GetAssemblyName(EngineExecutable.Find().LeadingArguments[0]).Version, "");
        }
        catch (Exception error) when (error is IOException or BadImageFormatException)
        {
            return (null, error.Message);
        }
    }

    static (ByteSize? Free, string? Problem) Disk(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
            var probe = Path.Combine(folder, $".probe-{Guid.NewGuid():N}");
            File.WriteAllText(probe, "");
            File.Delete(probe);
            return (new(new DriveInfo(folder).AvailableFreeSpace), null);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return (null, error.Message);
        }
    }
}
