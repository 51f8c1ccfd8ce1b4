using System.Text.Json;
using System.Text.Json.Serialization;

namespace Spark.Notebooks;

/// <summary>A cluster as its file in <c>data/clusters</c> describes it: JSON, comments allowed, unknown fields refused. It has nodes on this machine, or machines over SSH.</summary>
public sealed record ClusterFile
{
    static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        RespectNullableAnnotations = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    /// <summary>A Hugging Face directory, relative to the repository or absolute; for machines also a hub name.</summary>
    public required string Model { get; init; }

    /// <summary>Processes on this machine.</summary>
    public IReadOnlyList<NodeSettings> Nodes { get; init; } = [];

    public IReadOnlyList<MachineSettings> Machines { get; init; } = [];

    public VllmSettings Vllm { get; init; } = new();

    /// <summary>Instead of <c>~/.ssh/config</c>.</summary>
    public string? SshConfig { get; init; }

    /// <summary>Shifts the machines' ports, so that participants who share them do not collide.</summary>
    public int Seat { get; init; }

    /// <summary>Silence of this side after which the machines end what it started there.</summary>
    public int WatchdogSeconds { get; init; } = 20;

    /// <summary>Reads <c>data/clusters/NAME.json</c>, and over it the user's own file and variables.</summary>
    /// <exception cref="FileNotFoundException">There is no such cluster; the message lists those there are.</exception>
    /// <exception cref="InvalidDataException">A field is missing, unknown or wrong; the message names it.</exception>
    public static async Task<ClusterFile> FindAsync(string name, CancellationToken cancellation = default)
    {
        string[] folders = [RepositoryRoot.Combine("data/clusters"), ClusterSources.UserFolder];
        string[] files = [.. folders.Select(folder => Path.Combine(folder, $"{name}.json")).Where(File.Exists)];
        if (files.Length == 0)
        {
            var others = string.Join(", ", folders.Where(Directory.Exists).SelectMany(folder => Directory.GetFiles(folder, "*.json")).Select(Path.GetFileNameWithoutExtension).Distinct());
            throw new FileNotFoundException($"There is no cluster '{name}': {folders[0]} has no {name}.json, nor has {folders[1]}. Clusters there are: {others}.");
        }
        var sources = new ClusterSources();
        foreach (var file in files)
            await sources.AddFileAsync(file, cancellation);
        sources.AddVariables(name, Environment.GetEnvironmentVariables());
        return Read(sources);
    }

    /// <exception cref="InvalidDataException">A field is missing, unknown or wrong; the message names it.</exception>
    public static async Task<ClusterFile> ReadAsync(string path, CancellationToken cancellation = default)
    {
        var sources = new ClusterSources();
        await sources.AddFileAsync(path, cancellation);
        return Read(sources);
    }

    static ClusterFile Read(ClusterSources sources)
    {
        try
        {
            var file = sources.Fields.Deserialize<ClusterFile>(Format)!;
            ClusterRules.Validate(file);
            return file;
        }
        catch (Exception error) when (error is JsonException or FormatException)
        {
            throw new InvalidDataException($"{sources}: {error.Message}", error);
        }
    }
}
