namespace Spark.Notebooks;

/// <summary>The rows of the environment report, in its order.</summary>
internal static class EnvironmentChecks
{
    public static IReadOnlyList<IEnvironmentCheck> All { get; } =
    [
        new OperatingSystemCheck(),
        new OnLocalNodes(new DotnetCheck(), "the notebook's .NET runs on this side"),
        new ProcessorCheck(),
        new OnLocalNodes(new SimdCheck(), "its GPU computes"),
        new OnLocalNodes(new PinningCheck(), "a machine of its own"),
        new OnBoth(new MemoryCheck(), new MachineMemoryCheck()),
        new OnMachines(new KvMirrorCheck(), "what a copy of the KV cache in host memory costs"),
        new OnBoth(new OpenFilesCheck(), new MachineOpenFilesCheck()),
        new PortsCheck(),
        new OnBoth(new LeftoversCheck(), new RemoteLeftoversCheck()),
        new OnBoth(new ModelFilesCheck(), new SnapshotCheck()),
        new OnLocalNodes(new EngineCheck(), "vLLM is the engine there"),
        new OnBoth(new DiskCheck(), new MachineDiskCheck()),
        new OnBoth(new ClockCheck(), new ClockSkewCheck()),
        new CeilingsCheck(),
        new SteadinessCheck(),
        new TogetherCheck(),
        new LinkCheck("tcp"),
        new LinkCheck("shm"),
        new OnMachines(new GpuCheck(), "its name, and that its memory is the machine's"),
        new OnMachines(new DriverCheck(), "the same version on all nodes"),
        new OnMachines(new CudaCheck(), "the version that torch was built for"),
        new OnMachines(new VllmCheck(), "the same version on all nodes"),
        new OnMachines(new NixlCheck(), "that it is there, the same on all nodes"),
        new OnMachines(new UcxCheck(), "the same version on all nodes"),
        new OnMachines(new FabricCheck(), "the address that KV blocks come from"),
        new OnMachines(new RoceCheck(), "ports that are up, and their link rate"),
        new OnMachines(new TwinCheck(), "which RDMA device sits on which PCIe link"),
        new OnMachines(new MtuCheck(), "9000, and 4096 for RoCE, on both ends"),
        new OnMachines(new RdmaToolsCheck(), "whether RDMA can be measured"),
    ];
}
