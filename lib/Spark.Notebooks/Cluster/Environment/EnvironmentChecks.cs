namespace Spark.Notebooks;

/// <summary>The rows of the environment report, in its order.</summary>
internal static class EnvironmentChecks
{
    public static IReadOnlyList<IEnvironmentCheck> All { get; } =
    [
        new OperatingSystemCheck(),
        new DotnetCheck(),
        new ProcessorCheck(),
        new SimdCheck(),
        new PinningCheck(),
        new MemoryCheck(),
        new OpenFilesCheck(),
        new PortsCheck(),
        new LeftoversCheck(),
        new ModelFilesCheck(),
        new EngineCheck(),
        new DiskCheck(),
        new ClockCheck(),
        new CeilingsCheck(),
        new SteadinessCheck(),
        new TogetherCheck(),
        new LinkCheck("tcp"),
        new LinkCheck("shm"),
        new GpuClusterCheck("GPU", "its name, and that its memory is the machine's"),
        new GpuClusterCheck("GPU driver", "the same version on all nodes"),
        new GpuClusterCheck("CUDA", "the version that vLLM was built for"),
        new GpuClusterCheck("RoCE", "ports that are up, and their link rate"),
        new GpuClusterCheck("MTU", "9000, and 4096 for RoCE, on both ends"),
        new GpuClusterCheck("NIXL", "that it loads, and finds UCX"),
        new GpuClusterCheck("vLLM", "the same version on all nodes"),
    ];
}
