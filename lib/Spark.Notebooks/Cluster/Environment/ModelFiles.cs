using System.Buffers.Binary;
using System.Text.Json;

namespace Spark.Notebooks;

/// <summary>A Hugging Face model directory: whether every file is there and as long as it says.</summary>
public sealed record ModelFiles(string Path, ByteSize Weights, int Tensors, IReadOnlyList<string> Problems)
{
    const string Index = "model.safetensors.index.json";
    static readonly string[] Needed = ["config.json", "tokenizer.json", "tokenizer_config.json"];

    public static ModelFiles Inspect(string folder)
    {
        if (!Directory.Exists(folder))
            return new(folder, default, 0, ["the folder does not exist"]);
        var problems = Needed.Where(file => !File.Exists(At(folder, file))).Select(file => $"{file} is missing").ToList();
        var (bytes, tensors) = (0L, 0);
        foreach (var file in Shards(folder, problems))
        {
            if (!File.Exists(At(folder, file)))
            {
                problems.Add($"{file} is missing");
                continue;
            }
            var (promised, count, problem) = Header(At(folder, file));
            (bytes, tensors) = (bytes + promised, tensors + count);
            if (problem is not null)
                problems.Add($"{file} {problem}");
        }
        return new(folder, new(bytes), tensors, problems);
    }

    /// <summary>The weight files that the index names; without an index the one file.</summary>
    static IEnumerable<string> Shards(string folder, List<string> problems)
    {
        if (!File.Exists(At(folder, Index)))
            return ["model.safetensors"];
        try
        {
            using var index = JsonDocument.Parse(File.ReadAllBytes(At(folder, Index)));
            return [.. index.RootElement.GetProperty("weight_map").EnumerateObject().Select(tensor => tensor.Value.GetString()!).Distinct().Order()];
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            problems.Add($"{Index} is not an index of weights ({error.Message})");
            return [];
        }
    }

    /// <summary>What the header of a safetensors file (8 bytes of length, JSON, then the tensors) promises, and what is wrong with the file.</summary>
    static (long Bytes, int Tensors, string? Problem) Header(string path)
    {
        using var file = File.OpenRead(path);
        Span<byte> prefix = stackalloc byte[sizeof(long)];
        if (file.ReadAtLeast(prefix, sizeof(long), throwOnEndOfStream: false) < sizeof(long))
            return (0, 0, $"has {file.Length} B, which no safetensors file has");
        var length = BinaryPrimitives.ReadInt64LittleEndian(prefix);
        if (length is <= 0 or > 100_000_000 || length > file.Length - sizeof(long))
            return (0, 0, $"does not begin as a safetensors file ({new ByteSize(file.Length)}): a broken download, or a Git LFS pointer");
        try
        {
            var header = new byte[length];
            file.ReadExactly(header);
            using var json = JsonDocument.Parse(header);
            var ends = json.RootElement.EnumerateObject().Where(tensor => tensor.Name != "__metadata__").Select(tensor => tensor.Value.GetProperty("data_offsets")[1].GetInt64()).ToList();
            var promised = ends.DefaultIfEmpty().Max();
            var held = file.Length - sizeof(long) - length;
            return (promised, ends.Count, held == promised ? null : $"holds {held:N0} B of tensors, its header promises {promised:N0} B");
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or IndexOutOfRangeException)
        {
            return (0, 0, $"has a header that is not safetensors' ({error.Message})");
        }
    }

    static string At(string folder, string file) => System.IO.Path.Combine(folder, file);
}
