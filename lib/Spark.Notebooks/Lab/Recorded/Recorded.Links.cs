using System.Globalization;
using System.Text.Json;

namespace Spark.Notebooks;

public static partial class Recorded
{
    const string NixlBySize = "c_nixlbench_by_size.csv";
    const string Network = "c_network_measurements.csv";
    const string Constants = "c_kv_constants.json";

    /// <summary>nixlbench between two DGX Sparks: host memory and GPU memory, one rail and two.</summary>
    public static RecordedLinks SparkNixl()
    {
        var rows = Files.Rows(NixlBySize);
        var latency = TimeSpan.FromMicroseconds(Measured("ib_write_lat", "t_avg").Number("value"));
        return new(
            [Curve("NIXL host memory", "dram_single", latency), Curve("NIXL host memory on 2 rails", "dram_dual", latency), Curve("NIXL GPU memory", "vram_single"), Curve("NIXL GPU memory on 2 rails", "vram_dual")],
            Files.Provenance(NixlBySize));

        Link Curve(string name, string column, TimeSpan? latency = null) => Link.Measured(
            name,
            rows.Where(row => row.NumberOrNull($"{column}_us") is not null)
                .Select(row => new LinkPoint(new((long)row.Number("message_bytes")), TimeSpan.FromMicroseconds(row.Number($"{column}_us")))),
            latency);
    }

    /// <summary>iperf3 between two DGX Sparks: bandwidths as it printed them, and the mean round trip that ping found as their latency.</summary>
    public static RecordedLinks SparkSockets()
    {
        var roundTrip = Files.Rows(Network).First(row => row["tool"] == "ping" && row["metric"] == "rtt_min/avg/max")["value"].Split('/')[1];
        var latency = TimeSpan.FromMilliseconds(double.Parse(roundTrip, CultureInfo.InvariantCulture));
        var runs = Files.Rows(Network).Where(row => row["tool"].StartsWith("iperf3", StringComparison.Ordinal) && row["metric"] == "bandwidth").ToList();
        var single = runs.Where(row => row["tool"] == "iperf3 1 stream").Select(row => row.Number("value")).Order().ToArray();
        return new(
            [
                Link.Of("TCP slowest stream", latency, GigabitPerSecond(single[0])),
                Link.Of("TCP fastest stream", latency, GigabitPerSecond(single[^1])),
                Link.Of("TCP 4 streams", latency, GigabitPerSecond(runs.Single(row => row["tool"] == "iperf3 -P 4").Number("value"))),
            ],
            Files.Provenance(Network));
    }

    /// <summary>What the earlier course assumed instead of measuring.</summary>
    public static RecordedLinks CourseAssumptions()
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(DataFolder.Recorded, Constants)));
        return new([Assumed("assumed TCP", "assumed_tcp_GiB_s"), Assumed("assumed RDMA", "assumed_rdma_GiB_s")], Files.Provenance(Constants));

        Link Assumed(string name, string field) =>
            Link.Of(name, TimeSpan.Zero, ByteSize.FromGiB(json.RootElement.GetProperty(field).GetDouble()).Bytes) with { IsAssumed = true };
    }

    /// <summary>Copies between an H100's memory and its host's, whole and in the pieces of a paged cache.</summary>
    public static RecordedLinks H100Copies()
    {
        var copies = Files.Rows(Gpu).Where(row => row["kind"].StartsWith("kv copy", StringComparison.Ordinal)).ToLookup(row => (row["kind"], row["metric"]));
        return new(
            [
                Curve("to pinned host memory", "kv copy contiguous", "device to pinned host"),
                Curve("to pageable host memory", "kv copy contiguous", "device to pageable host"),
                Curve("gathered on the GPU first", "kv copy 32 KiB pieces", "gather on device, one copy"),
                Curve("in pieces of 32 KiB", "kv copy 32 KiB pieces", "device to pinned host, one copy a piece"),
            ],
            Files.Provenance(Gpu));

        Link Curve(string name, string kind, string metric) => Link.Measured(
            name, copies[(kind, metric)].Select(row => new LinkPoint(new((long)row.Number("bytes")), TimeSpan.FromMilliseconds(row.Number("ms")))));
    }

    /// <summary>How nixlbench's time on one rail divides into posting and transferring, by memory and size.</summary>
    public static (IReadOnlyList<RecordedPost> Messages, Provenance Provenance) SparkPosting()
    {
        var messages = from row in Files.Rows(Network)
                       where row["tool"].StartsWith("nixlbench", StringComparison.Ordinal) && row["rails"] == "single" && row["metric"] is "avg_post" or "avg_tx"
                       group row by (Memory: row["memory"], Bytes: (long)row.Number("message_bytes")) into message
                       orderby message.Key.Memory, message.Key.Bytes
                       select new RecordedPost(message.Key.Memory, new(message.Key.Bytes), Part(message, "avg_post"), Part(message, "avg_tx"));
        return ([.. messages], Files.Provenance(Network));

        static TimeSpan Part(IEnumerable<CsvRow> message, string metric) => TimeSpan.FromMicroseconds(message.Single(row => row["metric"] == metric).Number("value"));
    }

    static CsvRow Measured(string tool, string metric) => Files.Rows(Network).Single(row => row["tool"] == tool && row["metric"] == metric);

    static double GigabitPerSecond(double value) => value * 1e9 / 8;
}
