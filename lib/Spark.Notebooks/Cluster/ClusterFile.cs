using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace Spark.Notebooks;

/// <summary>A cluster as its file in <c>data/clusters</c> describes it: JSON, comments allowed, unknown fields refused.</summary>
public sealed partial record ClusterFile
{
    static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        AllowTrailingCommas = true,
        ReadCommentHandling = JsonCommentHandling.Skip,
        RespectNullableAnnotations = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    /// <summary>A Hugging Face directory, relative to the repository or absolute.</summary>
    public required string Model { get; init; }

    public required IReadOnlyList<NodeSettings> Nodes { get; init; }

    /// <summary>Reads <c>data/clusters/NAME.json</c>.</summary>
    /// <exception cref="FileNotFoundException">There is no such cluster; the message lists those there are.</exception>
    public static Task<ClusterFile> FindAsync(string name, CancellationToken cancellation = default)
    {
        var folder = RepositoryRoot.Combine("data/clusters");
        var path = Path.Combine(folder, $"{name}.json");
        if (File.Exists(path))
            return ReadAsync(path, cancellation);
        if (name == "spark")
            throw new NotSupportedException("The spark cluster needs nodes over SSH, which this version does not have yet: use \"local\".");
        var others = string.Join(", ", Directory.GetFiles(folder, "*.json").Select(Path.GetFileNameWithoutExtension));
        throw new FileNotFoundException($"There is no cluster '{name}': {path} does not exist. Clusters there are: {others}.");
    }

    /// <exception cref="InvalidDataException">A field is missing, unknown or wrong; the message names it.</exception>
    public static async Task<ClusterFile> ReadAsync(string path, CancellationToken cancellation = default)
    {
        try
        {
            var file = JsonSerializer.Deserialize<ClusterFile>(await File.ReadAllTextAsync(path, cancellation), Format) ?? throw new JsonException("The file says null.");
            file.Validate();
            return file;
        }
        catch (Exception error) when (error is JsonException or FormatException)
        {
            throw new InvalidDataException($"{path}: {error.Message}", error);
        }
    }

    void Validate()
    {
        if (Nodes.Count == 0)
            throw new FormatException("nodes: a cluster has at least one node.");
        for (var i = 0; i < Nodes.Count; i++)
        {
            var node = Nodes[i];
            Require($"nodes[{i}].name", NodeName().IsMatch(node.Name), $"'{node.Name}' must be letters, digits and dashes.");
            Require($"nodes[{i}].name", Nodes.Count(other => other.Name == node.Name) == 1, $"'{node.Name}' is there twice.");
            Require($"nodes[{i}].deviceMemory", MemorySize().IsMatch(node.DeviceMemory), $"'{node.DeviceMemory}' is not a size such as 768MiB or 2GiB.");
            Try($"nodes[{i}].cores", () => node.Cores == "auto" ? [] : CpuList.Parse(node.Cores));
            Try($"nodes[{i}].ports", () => PortRange.Parse(node.Ports));
        }
    }

    static void Require(string field, bool holds, string otherwise)
    {
        if (!holds)
            throw new FormatException($"{field}: {otherwise}");
    }

    static void Try<T>(string field, Func<T> parse)
    {
        try
        {
            parse();
        }
        catch (FormatException error)
        {
            throw new FormatException($"{field}: {error.Message}", error);
        }
    }

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9-]*$")]
    private static partial Regex NodeName();

    [GeneratedRegex(@"^[0-9]+(\.[0-9]+)?(KiB|MiB|GiB)$")]
    private static partial Regex MemorySize();
}
