using System.Text.Json;

namespace Spark.Notebooks;

public sealed partial record ModelShape
{
    /// <summary>Reads the sizes from a Hugging Face config.json, given the file or its folder.</summary>
    /// <exception cref="InvalidDataException">A field is missing, or the architecture is not Llama's; the message names it.</exception>
    public static ModelShape FromConfig(string path)
    {
        var file = Directory.Exists(path) ? Path.Combine(path, "config.json") : path;
        return Parse(File.ReadAllText(file), Path.GetFullPath(file));
    }

    /// <param name="file">Where the text comes from, <c>…/NAME/config.json</c>.</param>
    internal static ModelShape Parse(string text, string file)
    {
        using var json = JsonDocument.Parse(text);
        var config = new ConfigReader(json.RootElement, file);
        config.Require("model_type", "llama");
        var (hidden, heads) = (config.Int("hidden_size"), config.Int("num_attention_heads"));
        return new()
        {
            Name = Path.GetFileName(Path.GetDirectoryName(file))!,
            Layers = config.Int("num_hidden_layers"),
            Hidden = hidden,
            Heads = heads,
            KvHeads = config.Int("num_key_value_heads", heads),
            HeadDim = config.Int("head_dim", hidden / heads),
            Ffn = config.Int("intermediate_size"),
            Vocab = config.Int("vocab_size"),
            TiedEmbeddings = config.Flag("tie_word_embeddings"),
            AttentionBias = config.Flag("attention_bias"),
            MaxPositions = config.Int("max_position_embeddings"),
            WeightDtypeBytes = config.DtypeBytes(),
        };
    }

    /// <summary>The model that comes with the course, from its config.json.</summary>
    public static ModelShape Shipped => FromConfig(Path.Combine(DataFolder.Models, "tales-25m"));

    /// <summary>All shapes of data/models/model-shapes.json, or of another file whose entries have the fields of this record.</summary>
    public static IReadOnlyList<ModelShape> Catalogue(string? file = null) =>
        JsonSerializer.Deserialize<ModelShape[]>(File.ReadAllBytes(file ?? DefaultCatalogue), JsonSerializerOptions.Web)!;

    /// <summary>A shape of the catalogue by its name.</summary>
    /// <exception cref="KeyNotFoundException">The file has no such entry; the message lists those it has.</exception>
    public static ModelShape Named(string name, string? file = null)
    {
        var shapes = Catalogue(file);
        return shapes.FirstOrDefault(shape => shape.Name == name)
            ?? throw new KeyNotFoundException($"{file ?? DefaultCatalogue} has no shape \"{name}\"; it has {string.Join(", ", shapes.Select(shape => shape.Name))}.");
    }

    static string DefaultCatalogue => Path.Combine(DataFolder.Models, "model-shapes.json");

    sealed record ConfigReader(JsonElement Root, string File)
    {
        public int Int(string field, int? fallback = null) =>
            Root.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetInt32()
            : fallback ?? throw new InvalidDataException($"{File} has no number in \"{field}\".");

        public bool Flag(string field) => Root.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.True;

        public string Text(string field) => Root.TryGetProperty(field, out var value) ? value.ToString() : "";

        public void Require(string field, string expected)
        {
            if (Text(field) != expected)
                throw new InvalidDataException($"{File}: \"{field}\" is \"{Text(field)}\"; the arithmetic here holds for \"{expected}\".");
        }

        public int DtypeBytes() => (Text("torch_dtype") is { Length: > 0 } torch ? torch : Text("dtype")) switch
        {
            "bfloat16" or "float16" => 2,
            "float32" => 4,
            var other => throw new InvalidDataException($"{File}: \"torch_dtype\" is \"{other}\"; expected bfloat16, float16 or float32."),
        };
    }
}
