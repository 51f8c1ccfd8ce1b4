using System.Collections;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Spark.Notebooks;

/// <summary>Where the fields of a cluster come from, later sources over earlier ones: the course's file, the user's own, variables such as <c>SPARK__machines__0__host</c>.</summary>
internal sealed class ClusterSources
{
    static readonly JsonDocumentOptions Format = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };
    readonly List<string> names = [];

    public JsonNode Fields { get; private set; } = new JsonObject();

    /// <summary>Such as <c>~/.config/spark-notebooks/clusters</c>: a cluster may be defined there alone, too.</summary>
    public static string UserFolder => Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData), "spark-notebooks", "clusters");

    /// <exception cref="InvalidDataException">The file is no JSON object; the message names it.</exception>
    public async Task AddFileAsync(string path, CancellationToken cancellation)
    {
        try
        {
            Fields = Merge(Fields, JsonNode.Parse(await File.ReadAllTextAsync(path, cancellation), documentOptions: Format) as JsonObject ?? throw new JsonException("The file is not a JSON object."));
            names.Add(path);
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"{path}: {error.Message}", error);
        }
    }

    /// <exception cref="InvalidDataException">A variable names no field; the message has its name.</exception>
    /// <param name="variables">Of the environment; of <c>NAME__field__0__field</c>, letter case is of no concern where the field is already there.</param>
    public void AddVariables(string cluster, IDictionary variables)
    {
        var prefix = $"{cluster.Replace('-', '_')}__";
        foreach (var name in variables.Keys.Cast<string>().Where(name => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)).Order(StringComparer.Ordinal))
        {
            if (!TrySet(Fields, name[prefix.Length..].Split("__"), $"{variables[name]}"))
                throw new InvalidDataException($"The variable {name} names no field of the cluster.");
            names.Add(name);
        }
    }

    public override string ToString() => string.Join(" with ", names);

    static JsonNode Merge(JsonNode under, JsonNode over)
    {
        switch (under, over)
        {
            case (JsonObject fields, JsonObject changes):
                foreach (var (name, value) in changes)
                    fields[name] = Over(fields[name], value);
                return fields;
            case (JsonArray items, JsonArray changes):
                for (var i = 0; i < changes.Count; i++)
                {
                    if (i < items.Count)
                        items[i] = Over(items[i], changes[i]);
                    else
                        items.Add(changes[i]?.DeepClone());
                }
                return items;
            default:
                return over.DeepClone();
        }

        // A node that stays where it was must not be set again: it has a parent.
        static JsonNode? Over(JsonNode? under, JsonNode? over) => under is null || over is null ? over?.DeepClone() : Merge(under.DeepClone(), over);
    }

    static bool TrySet(JsonNode? fields, string[] path, string value)
    {
        if (fields is JsonArray items)
            return path.Length > 1 && int.TryParse(path[0], out var index) && index >= 0 && index < items.Count && TrySet(items[index], path[1..], value);
        if (fields is not JsonObject names)
            return false;
        var name = names.Select(field => field.Key).FirstOrDefault(key => key.Equals(path[0], StringComparison.OrdinalIgnoreCase), path[0]);
        if (path.Length > 1)
            return TrySet(names[name] ??= new JsonObject(), path[1..], value);
        names[name] = value;
        return true;
    }
}
