using System.Text.Json;

namespace Spark.Engine.Tests;

/// <summary>The model in the repository and what Hugging Face transformers made of it.</summary>
internal static class ShippedModel
{
    public static readonly string Directory = Find("data/models/tales-25m");

    public static readonly Lazy<Tokenizer> Tokenizer = new(() => Spark.Engine.Tokenizer.Load(Directory));

    public static readonly GoldenCase[] Golden = [.. Cases()];

    static IEnumerable<GoldenCase> Cases()
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Golden", "tales-25m.json")));
        foreach (var entry in json.RootElement.GetProperty("cases").EnumerateArray())
            yield return new(
                entry.GetProperty("prompt").GetString()!,
                [.. entry.GetProperty("ids").EnumerateArray().Select(e => e.GetInt32())],
                [.. entry.GetProperty("greedy_ids").EnumerateArray().Select(e => e.GetInt32())],
                entry.GetProperty("greedy_text").GetString()!);
    }

    static string Find(string path)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (System.IO.Directory.Exists(Path.Combine(folder.FullName, path)))
                return Path.Combine(folder.FullName, path);
        throw new DirectoryNotFoundException($"{path} is in no folder above {AppContext.BaseDirectory}.");
    }
}

internal sealed record GoldenCase(string Prompt, int[] Ids, int[] GreedyIds, string GreedyText);
