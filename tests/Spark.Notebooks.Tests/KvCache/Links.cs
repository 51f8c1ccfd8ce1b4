using CsCheck;

namespace Spark.Notebooks.Tests;

public class Links
{
    static readonly Gen<LinkPoint[]> Points = Gen.Select(Gen.Int[6, 26].HashSet[1, 8], Gen.Double[0.1, 20], (powers, gigabytes) =>
        powers.Order().Select(power => new LinkPoint(new(1L << power), TimeSpan.FromMicroseconds(5 + ((1L << power) / (1e3 * gigabytes))))).ToArray());

    [Fact]
    public void A_latency_and_a_bandwidth_add_up() => Gen.Select(Gen.Double[0, 1000], Gen.Double[0.01, 100], Gen.Long[0, 1L << 40]).Sample((microseconds, gigabytes, bytes) =>
    {
        var link = Link.Of("test", TimeSpan.FromMicroseconds(microseconds), gigabytes * 1e9);
        var expected = (microseconds * 1e-6) + (bytes / (gigabytes * 1e9));
        Assert.Equal(expected, link.Transfer(new(bytes)).TotalSeconds, (1e-6 * expected) + 2e-7);
    });

    [Fact]
    public void A_measured_link_takes_at_each_measured_size_the_measured_time() => Points.Sample(points =>
        Assert.All(points, point => Assert.Equal(point.Time, Link.Measured("test", points).Transfer(point.Size))));

    [Fact]
    public void Between_two_sizes_it_takes_no_less_than_the_one_and_no_more_than_the_other() => Gen.Select(Points, Gen.Double[0, 1]).Sample((points, share) =>
    {
        var link = Link.Measured("test", points);
        foreach (var (below, above) in points.Zip(points.Skip(1)))
            Assert.InRange(link.Transfer(below.Size + (share * (above.Size - below.Size))), below.Time, above.Time);
    });

    [Fact]
    public void Beyond_the_largest_size_it_keeps_its_bandwidth() => Gen.Select(Points, Gen.Int[2, 1000]).Sample((points, times) =>
        Assert.Equal(points[^1].BytesPerSecond, Link.Measured("test", points).BytesPerSecond((double)times * points[^1].Size), points[^1].BytesPerSecond * 1e-3));

    [Fact]
    public void Pieces_one_after_another_take_as_many_times_one_piece() => Points.Sample(points =>
    {
        var link = Link.Measured("test", points);
        Assert.Equal(100 * link.Transfer(points[0].Size), link.Transfer(100.0 * points[0].Size, points[0].Size));
    });

    [Fact]
    public void Without_points_there_is_no_link() => Assert.Throws<ArgumentException>(() => Link.Measured("test", []));

    [Theory]
    [InlineData("NIXL host memory", 256, 2904.1)]
    [InlineData("NIXL host memory on 2 rails", 256, 2549.8)]
    [InlineData("NIXL GPU memory", 256, 75_632.9)]
    [InlineData("NIXL GPU memory on 2 rails", 256, 77_299.0)]
    [InlineData("NIXL host memory", 512, 5803.6)]
    public void The_recorded_Spark_links_take_the_recorded_times(string name, int tokens, double microseconds) =>
        Assert.Equal(microseconds, Recorded.SparkNixl()[name].Transfer(ShapeFiles.Llama8B.KvBytes(tokens)).TotalMicroseconds, 0.1);

    [Fact]
    public void The_assumed_links_take_what_the_earlier_course_printed()
    {
        var kv = ShapeFiles.Llama8B.KvBytes(2048);
        Assert.Equal(250, Recorded.CourseAssumptions()["assumed TCP"].Transfer(kv).TotalMilliseconds, 0.01);
        Assert.Equal(25, Recorded.CourseAssumptions()["assumed RDMA"].Transfer(kv).TotalMilliseconds, 0.01);
        Assert.All(Recorded.CourseAssumptions().Links, link => Assert.True(link.IsAssumed));
    }

    [Fact]
    public void TCP_is_what_iperf3_printed_in_bits()
    {
        Assert.Equal([25.0, 35.1, 93.0], Recorded.SparkSockets().Links.Select(link => Math.Round(link.BytesPerSecond(ByteSize.FromGiB(1000)) * 8 / 1e9, 1)));
        Assert.All(Recorded.SparkSockets().Links, link => Assert.Equal(631, link.Latency.TotalMicroseconds, 1));
    }

    [Fact]
    public void An_H100_copies_whole_at_55_and_in_pieces_at_4_GB_a_second()
    {
        Assert.Equal(55, Recorded.H100Copies()["to pinned host memory"].PeakBytesPerSecond / 1e9, 0.5);
        Assert.Equal(4, Recorded.H100Copies()["in pieces of 32 KiB"].PeakBytesPerSecond / 1e9, 0.5);
    }

    [Fact]
    public void Posting_is_most_of_the_time_for_GPU_memory_and_next_to_none_for_host_memory()
    {
        var posts = Recorded.SparkPosting().Messages;
        Assert.Equal((11, 10), (posts.Count(post => post.Memory == "DRAM"), posts.Count(post => post.Memory == "VRAM")));
        Assert.All(posts, post => Assert.Equal(post.Memory == "VRAM", post.Post > post.Transfer));
    }

    [Fact]
    public void An_unknown_link_is_refused_with_the_known_ones() =>
        Assert.Contains("NIXL GPU memory", Assert.Throws<KeyNotFoundException>(() => Recorded.SparkNixl()["NIXL"]).Message, StringComparison.Ordinal);
}
