using System.Text.Json;

namespace Spark.Engine.Tests;

/// <summary>Prompts with ids, top-5 logits and greedy tokens that Hugging Face transformers computed in float32.</summary>
sealed record GoldenCase(string Prompt, int[] Ids, (int Id, float Logit)[] Top5, int[] GreedyIds, string GreedyText, float SmallestMargin)
{
    public static IReadOnlyList<GoldenCase> All { get; } = Load();

    static List<GoldenCase> Load()
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Golden", "tales-25m.json")));
        return [.. json.RootElement.GetProperty("cases").EnumerateArray().Select(c => new GoldenCase(
            c.GetProperty("prompt").GetString()!,
            Ints(c.GetProperty("ids")),
            [.. c.GetProperty("top5").EnumerateArray().Select(t => (t.GetProperty("id").GetInt32(), t.GetProperty("logit").GetSingle()))],
            Ints(c.GetProperty("greedy_ids")),
            c.GetProperty("greedy_text").GetString()!,
            c.GetProperty("smallest_greedy_margin").GetSingle()))];
    }

    static int[] Ints(JsonElement array) => [.. array.EnumerateArray().Select(e => e.GetInt32())];
}
