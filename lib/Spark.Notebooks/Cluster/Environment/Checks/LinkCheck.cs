namespace Spark.Notebooks;

/// <summary>What moving bytes between two nodes takes over one transport.</summary>
internal sealed class LinkCheck(string transport) : IEnvironmentCheck
{
    static readonly TimeSpan Slow = TimeSpan.FromMilliseconds(1);

    public string Name => $"{transport} between nodes (measured)";

    public Finding Judge(NodeReadings node, EnvironmentKnobs knobs)
    {
        if (node.Links.FirstOrDefault(link => link.Transport == transport) is not { } link)
            return Finding.NotMeasured;
        if (link.To != node.Node)
            return Finding.Pass($"the source: {Figures.Show(link.SourceCpuPerGigabyte.TotalMilliseconds, "ms")} of its computing a GB");
        var smallest = link.Curve.Points[0];
        var found = $"{smallest.Size} in {Figures.Show(smallest.Time.TotalMicroseconds, "µs")}, {Figures.Si(link.Curve.PeakBytesPerSecond, "B/s")} in messages of {link.Messages[^1].Size}";
        return smallest.Time < Slow ? Finding.Pass(found) : Finding.Warn(found, "A round trip on loopback should take well below a millisecond: other programs keep the cores busy.");
    }
}
