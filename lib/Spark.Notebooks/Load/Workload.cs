using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Spark.Notebooks;

/// <summary>The requests of a run, fixed before it: the same workload sent to two targets is the same work.</summary>
public sealed record Workload
{
    /// <summary>How it was made, seed included, in words.</summary>
    public required string Recipe { get; init; }

    public required IReadOnlyList<PromptRequest> Requests { get; init; }

    /// <summary>The same for the same prompts and lengths in the same order, and for nothing else.</summary>
    public string Fingerprint => Hash();

    /// <summary>The workload that the knobs describe.</summary>
    public static Task<Workload> FromTextAsync(LoadTarget target, Knobs knobs, CancellationToken cancellation = default) =>
        FromTextAsync(target, knobs.Requests, knobs.PromptTokens, knobs.OutputTokens, knobs.RangeRatio, knobs.Seed, cancellation);

    /// <summary>Prompts from <c>data/prompts/tales.txt</c> in the target's tokens, no two of which share a block of the prefix cache.</summary>
    /// <param name="rangeRatio">Lengths are drawn evenly from (1 − ratio) to (1 + ratio) of the given ones, prompt and output apart, as <c>vllm bench serve --random-range-ratio</c> does.</param>
    /// <param name="seed">The same seed gives the same workload.</param>
    public static async Task<Workload> FromTextAsync(
        LoadTarget target, int requests, int promptTokens, int outputTokens, double rangeRatio = 0, int seed = 0, CancellationToken cancellation = default)
    {
        new Knobs { Requests = requests, PromptTokens = promptTokens, OutputTokens = outputTokens, RangeRatio = rangeRatio }.Validate();
        return Create(await PromptText.LoadAsync(target, seed, cancellation), requests, promptTokens, outputTokens, rangeRatio, seed);
    }

    /// <summary>Requests of several mixes in random order, each mix with its share of them.</summary>
    public static async Task<Workload> BlendAsync(LoadTarget target, int requests, IReadOnlyList<(string Mix, double Share)> parts, int seed = 0, CancellationToken cancellation = default)
    {
        var text = await PromptText.LoadAsync(target, seed, cancellation);
        var random = new Random(seed);
        var all = parts.Select(part => WorkloadMix.Named(part.Mix))
            .SelectMany((mix, i) => Create(text, (int)Math.Round(requests * parts[i].Share), mix.PromptTokens, mix.OutputTokens, mix.RangeRatio, random.Next()).Requests).ToArray();
        random.Shuffle(all);
        var recipe = string.Join(" and ", parts.Select(part => $"{part.Share:0 %} {WorkloadMix.Named(part.Mix)}"));
        return new() { Recipe = FormattableString.Invariant($"{all.Length} requests, {recipe}, in random order, text of data/prompts/tales.txt, seed {seed}"), Requests = all };
    }

    string Hash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var request in Requests)
            hash.AppendData(MemoryMarshal.AsBytes<int>([request.PromptTokenIds.Count, .. request.PromptTokenIds, request.OutputTokens]));
        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 8));
    }

    internal static Workload Create(PromptText text, int requests, int promptTokens, int outputTokens, double rangeRatio, int seed)
    {
        var random = new Random(seed);
        return new()
        {
            Recipe = FormattableString.Invariant($"{requests} requests of {Range(promptTokens)} prompt and {Range(outputTokens)} output tokens, text of data/prompts/tales.txt, seed {seed}"),
            Requests = [.. Enumerable.Range(0, requests).Select(_ => new PromptRequest(text.Next(Draw(promptTokens)), Draw(outputTokens)))],
        };

        int Least(int mean) => Math.Max(1, (int)Math.Floor(mean * (1 - rangeRatio)));
        int Most(int mean) => (int)Math.Ceiling(mean * (1 + rangeRatio));
        int Draw(int mean) => random.Next(Least(mean), Most(mean) + 1);
        string Range(int mean) => rangeRatio > 0 ? $"{Least(mean)} to {Most(mean)}" : $"{mean}";
    }
}
