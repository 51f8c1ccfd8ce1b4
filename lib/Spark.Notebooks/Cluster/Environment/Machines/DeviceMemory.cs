namespace Spark.Notebooks;

/// <summary>The memory that vLLM takes its share of: the GPU's own, or the machine's where GPU and processor have one memory.</summary>
internal sealed record DeviceMemory(ByteSize Total, ByteSize Free, bool IsUnified)
{
    public static DeviceMemory? Of(NodeReadings node, MachineReadings machine) => (machine.Gpus, node) switch
    {
        ([{ MemoryTotal: { } total, MemoryFree: { } free }, ..], _) => new(total, free, IsUnified: false),
        (_, { MemoryTotal: { } total, MemoryFree: { } free }) => new(total, free, IsUnified: true),
        _ => null,
    };
}
