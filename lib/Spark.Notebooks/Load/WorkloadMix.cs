using System.Text.Json;
using System.Text.Json.Serialization;

namespace Spark.Notebooks;

/// <summary>A kind of use by its lengths in tokens, as <c>data/workloads.json</c> states it.</summary>
public sealed record WorkloadMix
{
    static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        ReadCommentHandling = JsonCommentHandling.Skip,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    public required string Name { get; init; }
    public required string About { get; init; }

    /// <summary>Means; lengths are spread evenly by <see cref="RangeRatio"/> around them.</summary>
    public required int PromptTokens { get; init; }
    public required int OutputTokens { get; init; }
    public double RangeRatio { get; init; }

    /// <exception cref="InvalidDataException">The file is wrong; the message says where.</exception>
    public static IReadOnlyList<WorkloadMix> All()
    {
        var path = RepositoryRoot.Combine("data/workloads.json");
        try
        {
            return JsonSerializer.Deserialize<WorkloadMix[]>(File.ReadAllBytes(path), Format)!;
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"{path}: {error.Message}", error);
        }
    }

    /// <exception cref="KeyNotFoundException">There is no such mix; the message lists those there are.</exception>
    public static WorkloadMix Named(string name)
    {
        var all = All();
        return all.FirstOrDefault(mix => mix.Name == name)
            ?? throw new KeyNotFoundException($"data/workloads.json has no \"{name}\"; it has {string.Join(", ", all.Select(mix => mix.Name))}.");
    }

    public Task<Workload> ToWorkloadAsync(LoadTarget target, int requests, int seed = 0, CancellationToken cancellation = default) =>
        Workload.FromTextAsync(target, requests, PromptTokens, OutputTokens, RangeRatio, seed, cancellation);

    public override string ToString() => $"{Name} ({PromptTokens} in, {OutputTokens} out)";
}
