using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace Spark.Benchmarks;

/// <summary><c>micro</c>: BenchmarkDotNet on each kernel, in this process, so that it runs the very build that the table does.</summary>
static class MicroCommand
{
    public static int Run(string filter)
    {
        var config = DefaultConfig.Instance.AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance)).WithOptions(ConfigOptions.JoinSummary);
        return BenchmarkSwitcher.FromTypes([typeof(KernelBenchmarks)]).Run(["--filter", filter], config).Any() ? 0 : 1;
    }
}
