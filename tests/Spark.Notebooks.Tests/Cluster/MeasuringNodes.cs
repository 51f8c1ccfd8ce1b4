namespace Spark.Notebooks.Tests;

/// <summary>The measurements of modules 00 and 02 on the shipped cluster: real processes, real bytes.</summary>
public sealed class MeasuringNodes : IAsyncLifetime
{
    Cluster cluster = null!;

    public async ValueTask InitializeAsync() => cluster = await Cluster.OpenAsync("local");

    public async ValueTask DisposeAsync() => await cluster.DisposeAsync();

    [Theory]
    [InlineData("tcp")]
    [InlineData("shm")]
    public async Task Bytes_move_between_nodes_and_are_timed_by_size(string transport)
    {
        var link = await cluster.MeasureLinkAsync(transport, [new(64), new(64 << 10)]);
        Assert.Equal((cluster.Nodes[0].Name, cluster.Nodes[^1].Name, transport), (link.From, link.To, link.Transport));
        Assert.Equal([64L, 64L << 10], link.Messages.Select(message => message.Size.Bytes));
        Assert.All(link.Messages, message => Assert.True(message.Microseconds is { Count: > 0, Min: > 0 }));
        Assert.True(link.Pulled.Bytes >= link.Messages.Sum(message => message.Size.Bytes * message.Microseconds.Count));
    }

    [Fact]
    public async Task Nodes_are_measured_alone_and_at_the_same_time()
    {
        var contention = await cluster.MeasureContentionAsync(new() { ReadBuffer = ByteSize.FromMiB(8), Steady = TimeSpan.FromSeconds(0.1) });
        Assert.Equal(cluster.Nodes.Select(node => node.Name), contention.Alone.Select(rates => rates.Node));
        Assert.Equal(cluster.Nodes.Select(node => node.Name), contention.Together.Select(rates => rates.Node));
        Assert.All([.. contention.Alone, .. contention.Together], rates => Assert.True(rates.FlopPerSecond.Min > 0 && rates.ReadBytesPerSecond.Min > 0));
    }

    [Fact]
    public async Task KV_caches_moved_between_engines_have_the_bytes_of_the_arithmetic()
    {
        var moves = await KvMoves.MeasureAsync(cluster, new() { MovedLengths = [2, 16, 17, 100], Repeats = 2 });
        Assert.Equal(["tcp", "shm"], moves.Moves.Select(move => move.Transport).Distinct());
        Assert.Equal(8, moves.Moves.Count);
        Assert.All(moves.Moves, move =>
        {
            Assert.Equal(moves.Expected(move.PromptTokens), move.Moved);
            Assert.Equal(2, move.Transfer.Count);
            Assert.All(move.Share.Values, share => Assert.InRange(share, 0, 1));
        });
    }
}
