using System.Text.Json;

namespace Spark.Engine;

/// <summary>The weights of a Hugging Face directory: one <c>model.safetensors</c>, or the shards that <c>model.safetensors.index.json</c> names.</summary>
internal sealed class Checkpoint : IDisposable
{
    readonly string directory;
    readonly List<SafetensorsFile> files = [];

    public Checkpoint(string directory)
    {
        this.directory = directory;
        foreach (var file in FileNames(directory))
        {
            var path = Path.Combine(directory, file);
            if (!File.Exists(path))
                throw new ModelFormatException($"{path} is missing. Copy the model's directory again, or use --load-format dummy for random weights.");
            files.Add(new SafetensorsFile(path));
        }
    }

    public bool Contains(string name) => files.Any(f => f.TryGet(name, out _));

    /// <summary>A tensor of exactly this shape; <paramref name="rows"/> is 1 for a vector.</summary>
    public TensorView Get(string name, int rows, int columns)
    {
        foreach (var file in files)
            if (file.TryGet(name, out var tensor))
                return tensor.Rows == rows && tensor.Columns == columns
                    ? tensor
                    : throw new ModelFormatException($"{directory}: tensor '{name}' is [{tensor.Rows}, {tensor.Columns}] and config.json makes it [{rows}, {columns}].");
        throw new ModelFormatException($"{directory}: tensor '{name}' is missing, or not bf16, f16 or f32.");
    }

    static IEnumerable<string> FileNames(string directory)
    {
        var index = Path.Combine(directory, "model.safetensors.index.json");
        if (!File.Exists(index))
            return ["model.safetensors"];
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(index));
            return json.RootElement.GetProperty("weight_map").EnumerateObject().Select(e => e.Value.GetString()!).Distinct().ToList();
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new ModelFormatException($"{index}: no weight_map can be read from it ({e.Message}).");
        }
    }

    public void Dispose()
    {
        foreach (var file in files)
            file.Dispose();
    }
}
