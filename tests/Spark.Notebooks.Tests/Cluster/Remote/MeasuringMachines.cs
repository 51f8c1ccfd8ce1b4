using System.Diagnostics;
using System.Text.Json;

namespace Spark.Notebooks.Tests;

/// <summary>measure.py itself, run by Debian's Python; what it measures with PyTorch is left to machines that have it.</summary>
public sealed class MeasuringMachines
{
    const string Python = "/usr/bin/python3";
    static readonly string Script = RepositoryRoot.Combine("lib/Spark.Notebooks/Cluster/Remote/measure.py");

    [Fact]
    public async Task Pulls_over_tcp_are_timed_in_the_words_of_spark_engine()
    {
        RequirePython();
        using var source = Start("measure", "source", "--transport", "tcp", "--host", "127.0.0.1");
        var address = MeasureOutput.Source((await source.StandardOutput.ReadLineAsync())!);
        using var link = Start("measure", "link", "--transport", "tcp", "--from", address, "--bytes", "64,65536");
        var times = await link.StandardOutput.ReadToEndAsync();
        await link.WaitForExitAsync();
        source.StandardInput.Close();
        var cpu = await source.StandardOutput.ReadToEndAsync();
        var measured = NodeLink.Parse("spark-0", "spark-1", times, cpu);
        Assert.Equal(["64 B", "64 KiB"], measured.Messages.Select(message => $"{message.Size}"));
        Assert.All(measured.Messages, message => Assert.InRange(message.Microseconds.Count, 7, 400));
        Assert.True(measured.SourceCpu > TimeSpan.Zero);
    }

    [Fact]
    public async Task Latencies_of_perftest_are_read_by_size()
    {
        RequirePython();
        // The form is that of perftest's own documentation of ib_read_lat --all.
        const string output = """
            #bytes #iterations    t_min[usec]    t_max[usec]  t_typical[usec]    t_avg[usec]    t_stdev[usec]   99% percentile[usec]   99.9% percentile[usec]
            64       1000          3.10           9.02         3.21                3.25             0.12            3.60                    9.02
            4096     1000          3.90           8.80         4.05                4.10             0.10            4.40                    8.80
            """;
        using var python = Start(["-c", $"import sys, json; sys.path.insert(0, {JsonSerializer.Serialize(Path.GetDirectoryName(Script))}); sys.dont_write_bytecode = True; import measure; print(json.dumps(measure.read_latencies(sys.stdin.read(), [64, 512, 4096])))"], script: false);
        await python.StandardInput.WriteAsync(output);
        python.StandardInput.Close();
        Assert.Equal("""{"64": [3.21], "4096": [4.05]}""", (await python.StandardOutput.ReadToEndAsync()).Trim());
    }

    [Fact]
    public async Task Without_perftest_RDMA_says_what_to_install()
    {
        RequirePython();
        Assert.SkipWhen(File.Exists("/usr/bin/ib_read_lat"), "perftest is installed here");
        using var source = Start("measure", "source", "--transport", "rdma");
        Assert.Contains("sudo apt install perftest", await source.StandardError.ReadToEndAsync());
    }

    static void RequirePython() => Assert.SkipUnless(File.Exists(Python), $"There is no {Python}.");

    static Process Start(params string[] arguments) => Start(arguments, script: true);

    static Process Start(string[] arguments, bool script) => Process.Start(new ProcessStartInfo(Python, script ? [Script, .. arguments] : arguments)
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;
}
