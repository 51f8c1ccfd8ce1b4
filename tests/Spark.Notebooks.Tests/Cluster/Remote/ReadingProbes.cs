using CsCheck;

namespace Spark.Notebooks.Tests;

/// <summary>What is made of the probe's lines.</summary>
public class ReadingProbes
{
    static readonly string[] Garbage = ["", "[N/A]", "-1", "9999999999999999999999", "=", "a b c d e"];

    [Fact]
    public void A_Spark_is_read_as_it_is_documented()
    {
        var node = SparkReadings.Read(SparkReadings.Output);
        var machine = node.Remote!;
        Assert.Equal(("Cortex-X925 + Cortex-A725", 20, "Ubuntu 24.04.3 LTS, Linux 6.11.0-1014-nvidia aarch64"), (node.Machine.Cpu, node.Machine.LogicalCores, node.Machine.Os));
        Assert.Equal((125514348L * 1024, 112.0), (node.MemoryTotal!.Value.Bytes, node.MemoryFree!.Value.GiB));
        Assert.Equal(new FileLimit(65536, 1048576), node.OpenFiles);
        Assert.Equal(new Gpu("NVIDIA GB10", "580.95.05", null, null), Assert.Single(machine.Gpus));
        Assert.Equal("nixl 1.3.2, nixl_cu13 1.3.2", machine.Nixl);
        Assert.Equal(["rocep1s0f0:1", "rocep1s0f1:1", "roceP2p1s0f1:1"], machine.RdmaPorts.Select(port => port.Name));
        Assert.Equal("192.168.100.10", $"{machine.RdmaPorts[1].Gids.Single(gid => gid.Index == 3).Address}");
        Assert.True(machine.RdmaPorts[1].IsTwinOf(machine.RdmaPorts[2]));
        Assert.False(machine.RdmaPorts[1].IsTwinOf(machine.RdmaPorts[0]));
        Assert.Equal((4, 16060528496L, 0), (machine.Model.Shards, machine.Model.Weights.Bytes, machine.Model.Problems.Count));
    }

    [Theory]
    [InlineData("NVIDIA GB10, 580.95.05, [N/A], [N/A]")]
    [InlineData("NVIDIA GB10, 580.95.05, Not Supported, Not Supported")]
    [InlineData("NVIDIA GB10, 580.95.05, [Not Supported], [Not Supported]")]
    public void Memory_that_nvidia_smi_does_not_tell_is_the_machines(string line) => Assert.Equal(new Gpu("NVIDIA GB10", "580.95.05", null, null), Gpu.Parse(line));

    [Fact]
    public void What_nvidia_smi_says_without_a_driver_is_no_GPU() => Assert.Null(Gpu.Parse("NVIDIA-SMI has failed because it could not communicate with the NVIDIA driver."));

    [Fact]
    public void Readings_that_broke_off_are_not_taken_for_a_small_machine() =>
        Assert.Throws<FormatException>(() => ProbeOutput.Parse(SparkReadings.Output[..^8]));

    [Fact]
    public void Without_any_tool_every_row_still_says_something()
    {
        var bare = SparkReadings.Read("end=end");
        var report = new EnvironmentReport { Cluster = "spark", Nodes = [bare], Knobs = new() };
        Assert.All(report.Rows.SelectMany(row => row.Findings), finding => Assert.NotEqual("", finding.Found));
    }

    [Fact]
    public void Any_lines_left_out_or_garbled_leave_a_report() => Gen.Select(
        Gen.Int[0, SparkReadings.Output.Split('\n').Length - 2].List[0, 30],
        Gen.Int[0, Garbage.Length - 1].Select(i => Garbage[i])).Sample((spoiled, value) =>
        {
            var lines = SparkReadings.Output.Split('\n');
            foreach (var line in spoiled)
                lines[line] = value.Length == 0 ? "" : $"{lines[line].Split('=')[0]}={value}";
            var report = new EnvironmentReport { Cluster = "spark", Nodes = [SparkReadings.Read(string.Join('\n', lines))], Knobs = new() };
            Assert.NotEmpty(report.ToHtml());
        });

    [Theory]
    [InlineData("model.shard=a.safetensors", "a.safetensors is missing")]
    [InlineData("model.shard=a.safetensors 100 32 70", "a.safetensors has 100 B, its header promises 110")]
    [InlineData("model.shard=a.safetensors 134 ? ?", "a.safetensors does not begin as a safetensors file")]
    [InlineData("model.total=61\nmodel.shard=a.safetensors 100 32 60", "its files hold 60 B of tensors, its index promises 61 B")]
    public void A_snapshot_that_is_not_whole_says_which_file(string lines, string problem) =>
        Assert.Contains(problem, ModelSnapshot.Read(ProbeOutput.Parse($"model.folder=/m\nmodel.file=config.json\nmodel.file=tokenizer.json\n{lines}\nend=end")).Problems.Single(), StringComparison.Ordinal);

    [Fact]
    public void A_model_that_was_never_loaded_is_said_to_be_absent() => Assert.Equal(["it is not there"], ModelSnapshot.Read(ProbeOutput.Parse("model.absent=/hub/models--x\nend=end")).Problems);

    [Fact]
    public void A_clock_is_known_to_half_a_round_trip()
    {
        var sent = DateTimeOffset.UnixEpoch + TimeSpan.FromDays(20_000);
        var skew = ClockSkew.Of($"{(sent - DateTimeOffset.UnixEpoch).Ticks * 100 + 130_000_000}\n", sent, TimeSpan.FromMilliseconds(60))!;
        Assert.Equal((100.0, 30.0), (skew.Ahead.TotalMilliseconds, skew.HalfRoundTrip.TotalMilliseconds));
        Assert.Null(ClockSkew.Of("1790000000%N", sent, TimeSpan.Zero));
    }
}
