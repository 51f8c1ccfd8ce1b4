using System.Net;

namespace Spark.Notebooks;

/// <summary>A port of an RDMA device as the kernel lists it under <c>/sys/class/infiniband</c>.</summary>
public sealed record RdmaPort
{
    const int PciDomain = 5;

    public required string Device { get; init; }
    public required string Number { get; init; }

    /// <summary>Such as <c>4: ACTIVE</c>.</summary>
    public string State { get; init; } = "";

    /// <summary>Such as <c>100 Gb/sec (2X HDR)</c>.</summary>
    public string Rate { get; init; } = "";

    /// <summary>Bytes, as <c>ibv_devinfo</c> tells; null without it.</summary>
    public int? ActiveMtu { get; init; }
    public string? NetworkDevice { get; init; }

    /// <summary>Such as <c>0002:01:00.1</c>.</summary>
    public string PciAddress { get; init; } = "";

    /// <summary>The link's speed a lane, such as <c>32.0 GT/s PCIe</c>, and its lanes.</summary>
    public string PciSpeed { get; init; } = "";
    public string PciWidth { get; init; } = "";

    /// <summary>The addresses of its RoCE v2 entries, by GID index.</summary>
    public IReadOnlyList<(int Index, IPAddress Address)> Gids { get; init; } = [];

    /// <summary>As <c>UCX_NET_DEVICES</c> has it.</summary>
    public string Name => $"{Device}:{Number}";

    public bool IsActive => State.Contains("ACTIVE", StringComparison.Ordinal);

    public string Pci => $"PCIe {PciAddress}, x{PciWidth} at {PciSpeed.Replace(" PCIe", "", StringComparison.Ordinal)}";

    /// <summary>Whether both are the same port of one card, seen over two PCIe links: same bus and function in another domain, as on a Spark.</summary>
    public bool IsTwinOf(RdmaPort other) =>
        Device != other.Device && Number == other.Number && PciAddress.Length > PciDomain && other.PciAddress.Length > PciDomain && PciAddress[PciDomain..] == other.PciAddress[PciDomain..];

    internal static IReadOnlyList<RdmaPort> Read(ProbeOutput probe) =>
    [
        .. probe.Below("rdma")
            .Select(field => (Parts: field.Key.Split('.', 3), field.Value))
            .Where(field => field.Parts.Length == 3)
            .GroupBy(field => (Device: field.Parts[0], Number: field.Parts[1]), field => (Key: field.Parts[2], field.Value))
            .Select(port => Of(port.Key.Device, port.Key.Number, [.. port])),
    ];

    static RdmaPort Of(string device, string number, IReadOnlyList<(string Key, string Value)> fields)
    {
        return new()
        {
            Device = device,
            Number = number,
            State = Field("state"),
            Rate = Field("rate"),
            ActiveMtu = (int?)Invariant.Whole(Field("mtu")),
            NetworkDevice = Field("netdev") is { Length: > 0 } name ? name : null,
            PciAddress = Field("pci"),
            PciSpeed = Field("speed"),
            PciWidth = Field("width"),
            Gids = [.. fields.Where(field => field.Key.StartsWith("gid.", StringComparison.Ordinal)).Select(Gid).OfType<(int, IPAddress)>()],
        };

        string Field(string key) => fields.FirstOrDefault(field => field.Key == key).Value ?? "";
    }

    static (int Index, IPAddress Address)? Gid((string Key, string Value) field) =>
        Invariant.Whole(field.Key[4..]) is { } index && IPAddress.TryParse(field.Value, out var address) ? ((int)index, address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address) : null;
}
