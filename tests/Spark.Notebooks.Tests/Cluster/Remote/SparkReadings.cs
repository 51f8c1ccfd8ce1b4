namespace Spark.Notebooks.Tests;

/// <summary>What the probe should print on a DGX Spark: composed from what is documented of its devices, its memory and its tools, not recorded on one.</summary>
internal static class SparkReadings
{
    public const string Output = """
        kernel=Linux 6.11.0-1014-nvidia aarch64
        os=Ubuntu 24.04.3 LTS
        cpu=Cortex-X925
        cpu=Cortex-A725
        cores=20
        MemTotal=125514348
        MemAvailable=117440512
        SwapTotal=16777212
        SwapFree=16777212
        files.soft=65536
        files.hard=1048576
        disk.state=2000000000000
        disk.models=2000000000000
        gpu=NVIDIA GB10, 580.95.05, [N/A], [N/A]
        cuda=13.0
        package=nixl 1.3.2
        package=nixl_cu13 1.3.2
        package=nvidia_cuda_runtime 13.0.96
        package=torch 2.9.1+cu130
        package=vllm 0.13.0
        ucx=1.20.0
        tool=ib_write_bw
        tool=ucx_perftest
        tool=ibv_devinfo
        interface.state=up
        interface.mtu=9000
        interface.address=192.168.100.10
        interface.address=fe80::4ebb:47ff:fe00:1
        rdma.rocep1s0f0.1.state=1: DOWN
        rdma.rocep1s0f0.1.rate=40 Gb/sec (4X QDR)
        rdma.rocep1s0f0.1.mtu=1024
        rdma.rocep1s0f0.1.pci=0000:01:00.0
        rdma.rocep1s0f0.1.speed=32.0 GT/s PCIe
        rdma.rocep1s0f0.1.width=4
        rdma.rocep1s0f0.1.netdev=enp1s0f0np0
        rdma.rocep1s0f1.1.state=4: ACTIVE
        rdma.rocep1s0f1.1.rate=200 Gb/sec (4X HDR)
        rdma.rocep1s0f1.1.mtu=4096
        rdma.rocep1s0f1.1.pci=0000:01:00.1
        rdma.rocep1s0f1.1.speed=32.0 GT/s PCIe
        rdma.rocep1s0f1.1.width=4
        rdma.rocep1s0f1.1.netdev=enp1s0f1np1
        rdma.rocep1s0f1.1.gid.1=fe80:0000:0000:0000:4ebb:47ff:fe00:0001
        rdma.rocep1s0f1.1.gid.3=0000:0000:0000:0000:0000:ffff:c0a8:640a
        rdma.roceP2p1s0f1.1.state=4: ACTIVE
        rdma.roceP2p1s0f1.1.rate=200 Gb/sec (4X HDR)
        rdma.roceP2p1s0f1.1.mtu=4096
        rdma.roceP2p1s0f1.1.pci=0002:01:00.1
        rdma.roceP2p1s0f1.1.speed=32.0 GT/s PCIe
        rdma.roceP2p1s0f1.1.width=4
        rdma.roceP2p1s0f1.1.netdev=enP2p1s0f1np1
        rdma.roceP2p1s0f1.1.gid.3=0000:0000:0000:0000:0000:ffff:c0a8:650a
        model.folder=/home/nvidia/.cache/huggingface/hub/models--meta-llama--Llama-3.1-8B-Instruct/snapshots/0e9e39f
        model.file=config.json
        model.file=tokenizer.json
        model.total=16060522496
        model.shard=model-00001-of-00004.safetensors 4976698672 9008 4976689656
        model.shard=model-00002-of-00004.safetensors 4999802720 9056 4999793656
        model.shard=model-00003-of-00004.safetensors 4915916176 9064 4915907104
        model.shard=model-00004-of-00004.safetensors 1168138808 720 1168138080
        end=end
        """;

    public static MachineSettings Machine { get; } = new()
    {
        Name = "spark-0", Host = "spark-a", FabricAddress = "192.168.100.10", FabricInterface = "enp1s0f1np1", RdmaDevices = "rocep1s0f1:1,roceP2p1s0f1:1", Ports = "8100-8119",
    };

    /// <summary>Of one Spark that has nothing amiss, read by a cluster of two that are alike.</summary>
    public static NodeReadings Good { get; } = Read(Output) switch
    {
        var node => node with { Remote = node.Remote! with { Others = [node.Remote with { Node = "spark-1" }] } },
    };

    /// <summary>As the probe's output gives, with what is asked for by other ways.</summary>
    public static NodeReadings Read(string output, MachineSettings? machine = null, VllmSettings? vllm = null)
    {
        var node = MachineProbe.Parse(machine ?? Machine, vllm ?? new(), ProbeOutput.Parse(output));
        return node with
        {
            Ports = "ports 8100 to 8119",
            FreePort = 8100,
            Remote = node.Remote! with { Vllm = new(0, 13, 0), Clock = new(TimeSpan.FromMilliseconds(3), TimeSpan.FromMilliseconds(1)) },
        };
    }
}
