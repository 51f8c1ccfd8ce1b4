namespace Spark.Notebooks.Tests;

public class PlacingNodes
{
    static readonly NodeSettings Auto = new() { Name = "a", Cores = "auto", DeviceMemory = "768MiB", Ports = "auto" };

    [Theory]
    [InlineData("0", new[] { 0 })]
    [InlineData("0-3,8", new[] { 0, 1, 2, 3, 8 })]
    [InlineData("2,1,1-2", new[] { 1, 2 })]
    public void Core_lists_are_read_as_Linux_writes_them(string text, int[] cores) => Assert.Equal(cores, CpuList.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("3-1")]
    [InlineData("1-2-3")]
    [InlineData("-1")]
    public void Anything_else_is_refused(string text) => Assert.Throws<FormatException>(() => CpuList.Parse(text));

    [Fact]
    public void This_machine_gives_at_least_one_core_where_it_pins() =>
        Assert.Equal(OperatingSystem.IsLinux() || OperatingSystem.IsWindows(), CpuList.Allowed().Length > 0);

    [Fact]
    public void With_one_core_the_nodes_share_it_and_that_is_said()
    {
        var (nodes, warnings) = Placement.OnThisMachine([Auto, Auto with { Name = "b" }], [5], new("engine", []));
        Assert.Equal(["5", "5"], nodes.Select(node => node.Cores));
        Assert.Contains("a and b share core 5", Assert.Single(warnings));
    }

    [Fact]
    public void Cores_that_the_file_gives_are_kept_and_checked_for_overlap()
    {
        var (nodes, warnings) = Placement.OnThisMachine([Auto with { Cores = "0-1" }, Auto with { Name = "b", Cores = "1,3" }], [0, 1, 2, 3], new("engine", []));
        Assert.Equal(["0-1", "1,3"], nodes.Select(node => node.Cores));
        Assert.Contains("share core 1:", Assert.Single(warnings));
    }

    [Theory]
    [InlineData(new[] { 0, 1 }, new int[0])]
    [InlineData(new[] { 0, 1, 4, 5 }, new int[0])]
    [InlineData(new[] { 0, 1, 2, 3, 4, 5 }, new[] { 2, 3 })]
    public void Physical_cores_that_no_node_computes_on_do_what_is_left_to_do(int[] cores, int[] left)
    {
        var nodes = Placement.OnThisMachine([Auto, Auto with { Name = "b" }], cores, new("engine", []), core => $"{core % 4},{core % 4 + 4}").Nodes;
        Assert.All(nodes, node => Assert.Equal(OperatingSystem.IsLinux() ? left : [], ((LocalNode)node.Twin("c")).ApiCores));
    }

    [Fact]
    public void Where_nothing_can_be_pinned_that_is_said()
    {
        var (nodes, warnings) = Placement.OnThisMachine([Auto], [], new("engine", []));
        Assert.Null(nodes.Single().Cores);
        Assert.Contains("does not pin", Assert.Single(warnings));
    }

    [Theory]
    [InlineData("auto", 0, 0, true)]
    [InlineData("8100", 8100, 8100, false)]
    [InlineData("8100-8110", 8100, 8110, true)]
    public void Port_ranges_are_read(string text, int first, int last, bool hasChoice)
    {
        var ports = PortRange.Parse(text);
        Assert.Equal((first, last, hasChoice), (ports.First, ports.Last, ports.HasChoice));
    }

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("65536")]
    [InlineData("8110-8100")]
    [InlineData("any")]
    public void Ports_that_are_none_are_refused(string text) => Assert.Throws<FormatException>(() => PortRange.Parse(text));

    [Fact]
    public async Task A_taken_port_is_passed_over()
    {
        await using var server = await FakeVllm.StartAsync();
        var taken = server.Address.Port;
        Assert.True(PortRange.IsListening(taken));
        Assert.Null(new PortRange(taken, taken).FindFree());
        Assert.NotEqual(taken, new PortRange(taken, Math.Min(taken + 50, 65_535)).FindFree());
    }
}
