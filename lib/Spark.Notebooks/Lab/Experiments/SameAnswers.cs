namespace Spark.Notebooks;

/// <summary>Whether architectures answer alike: greedy token ids of the same prompts, compared one by one with those of the first.</summary>
public sealed record SameAnswers : Display
{
    /// <summary>Names of the architectures, the one compared with first.</summary>
    public required IReadOnlyList<string> Architectures { get; init; }

    public required int Requests { get; init; }

    /// <summary>Tokens compared in each architecture.</summary>
    public required int Tokens { get; init; }

    /// <summary>The first difference of each architecture that has one, in words.</summary>
    public required IReadOnlyList<string> Differences { get; init; }

    public bool Equal => Differences.Count == 0;

    /// <summary>Sends each of <paramref name="architectures"/> the same prompts, all at once, so that they are batched differently, and compares.</summary>
    /// <exception cref="HttpRequestException">A request failed.</exception>
    public static async Task<SameAnswers> CheckAsync(IReadOnlyList<Deployment> architectures, Workload workload, CancellationToken cancellation = default)
    {
        var answers = new List<IReadOnlyList<IReadOnlyList<int>>>();
        foreach (var architecture in architectures)
        {
            using var client = new EngineClient(architecture.Target.Topology, architecture.Target.Endpoint);
            answers.Add(await Task.WhenAll(workload.Requests.Select(request => client.CompleteAsync(architecture.Target.Model, request, cancellation))));
        }

        return Of([.. architectures.Select(architecture => architecture.Target.Name)], answers);
    }

    /// <param name="answers">By architecture, then by request: token ids.</param>
    internal static SameAnswers Of(IReadOnlyList<string> architectures, IReadOnlyList<IReadOnlyList<IReadOnlyList<int>>> answers) => new()
    {
        Architectures = architectures,
        Requests = answers[0].Count,
        Tokens = answers[0].Sum(answer => answer.Count),
        Differences = [.. Enumerable.Range(1, answers.Count - 1).Select(i => Difference(answers[0], answers[i]) is { } where ? $"{architectures[i]}: {where}" : null).OfType<string>()],
    };

    public override string ToText() => Equal
        ? $"{string.Join("; ", Architectures)}: the same {Tokens:N0} tokens in {Figures.Count(Requests, "answer")}, compared one by one"
        : $"Not the same answers as {Architectures[0]}: {string.Join("; ", Differences)}";

    public override string ToHtml() => Box(Equal ? Palette.Right : Palette.Wrong, Escape(ToText()));

    static string? Difference(IReadOnlyList<IReadOnlyList<int>> expected, IReadOnlyList<IReadOnlyList<int>> actual)
    {
        for (var request = 0; request < expected.Count; request++)
        {
            var (one, two) = (expected[request], actual[request]);
            var same = one.Zip(two).TakeWhile(pair => pair.First == pair.Second).Count();
            if (same < Math.Max(one.Count, two.Count))
                return $"request {request} differs from token {same + 1} on ({At(two, same)} instead of {At(one, same)})";
        }

        return null;

        static string At(IReadOnlyList<int> tokens, int index) => index < tokens.Count ? $"token id {tokens[index]}" : "the end";
    }
}
