using System.Text.Json;

namespace Spark.Benchmarks;

/// <summary>Pulls between two hosts over links of set bandwidths, where the link and not this machine is to be the limit: beside a bare socket over the same link, and beside bytes over bandwidth.</summary>
static class ShapedTransferSection
{
    static readonly int[] Megabits = [200, 1_000];

    /// <summary>One pull and one bare copy of as many bytes.</summary>
    sealed record Pair(long Bytes, TimeSpan Pull, TimeSpan Bare);

    public static async IAsyncEnumerable<Row> RunAsync(SectionOptions options)
    {
        if (ShapedLink.Obstacle is { } obstacle)
        {
            Console.Error.WriteLine($"Links of set bandwidth are left out: that {obstacle}.");
            yield break;
        }
        using var link = new ShapedLink();
        await using var source = link.StartSource("kv-source", "tcp", "--host", ShapedLink.SourceAddress, "--model", options.Model, "--core", $"{options.Core}");
        await using var puller = link.StartPuller("kv-pulls", await source.AnswerAsync(), "--model", options.Model, "--core", $"{options.OtherCore}");
        await puller.AnswerAsync("warm");
        foreach (var megabits in Megabits)
        {
            link.Shape(megabits);
            var pairs = new List<Pair>();
            for (var i = 0; i < options.Repeats; i++)
                pairs.Add(JsonSerializer.Deserialize<Pair>(await puller.AnswerAsync("next"))!);
            var bandwidth = megabits * 1e6 / 8;
            yield return Row("a bare socket over the same link", pair => pair.Bytes / pair.Bare.TotalSeconds);
            yield return Row("the bandwidth that the link is set to", _ => bandwidth);

            Row Row(string against, Func<Pair, double> ceiling) => new()
            {
                Name = $"KV transfer tcp, link of {megabits:N0} Mbit/s",
                Unit = "MB/s",
                Samples = [.. pairs.Select(pair => new Sample(pair.Bytes / pair.Pull.TotalSeconds / 1e6, ceiling(pair) / 1e6))],
                Against = against,
                Reach = Reach.AtLeast(0.8),
            };
        }
    }

    /// <summary>What the decode side's process does: a pair for every line it reads, once it is warm.</summary>
    public static int Pull(SectionOptions options, string directory)
    {
        EngineUnderTest.Pin(options.Core);
        var source = JsonSerializer.Deserialize<KvSource.Directory>(directory)!;
        using var pulls = new Pulls(options, "tcp", source);
        using var bare = new SocketCopy(source);
        Console.ReadLine();
        pulls.Warm(bare);
        Console.WriteLine();
        while (Console.ReadLine() is not null)
            Console.WriteLine(JsonSerializer.Serialize(new Pair(pulls.BytesPerPull, pulls.Next(), pulls.NextBare(bare))));
        return 0;
    }
}
