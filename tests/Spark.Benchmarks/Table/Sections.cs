using System.Text.Json;

namespace Spark.Benchmarks;

/// <summary>The table's parts. Each runs in a process of its own, so that none inherits another's pinned threads, compiled code or memory.</summary>
static class Sections
{
    static readonly Dictionary<string, Func<SectionOptions, IAsyncEnumerable<Row>>> All = new()
    {
        ["forward"] = options => ForwardSection.Run(options).ToAsyncEnumerable(),
        ["step"] = StepSection.RunAsync,
        ["transfer"] = TransferSection.RunAsync,
        ["link"] = ShapedTransferSection.RunAsync,
        ["gateway"] = GatewaySection.RunAsync,
        ["sse"] = SseSection.RunAsync,
        ["load"] = LoadSection.RunAsync,
        ["start"] = StartSection.RunAsync,
        ["course"] = CourseSection.RunAsync,
        [PeersSection.Name] = options => PeersSection.Run(options).ToAsyncEnumerable(),
    };

    public static string[] Names => [.. All.Keys];

    /// <summary>What a section's own process does: a line of JSON for every row.</summary>
    public static async Task<int> PrintRowsAsync(string name, SectionOptions options)
    {
        await foreach (var row in All[name](options))
            Console.WriteLine(JsonSerializer.Serialize(row));
        return 0;
    }

    /// <summary>Runs a section in a process of its own.</summary>
    /// <exception cref="InvalidOperationException">It failed, and said why on standard error.</exception>
    public static async IAsyncEnumerable<Row> RowsAsync(string name, SectionOptions options)
    {
        await using var process = HelperProcess.Start(["section", name, .. options.Arguments]);
        while (await process.ReadLineAsync() is { } line)
            yield return JsonSerializer.Deserialize<Row>(line)!;
        await process.EndAsync();
    }
}
