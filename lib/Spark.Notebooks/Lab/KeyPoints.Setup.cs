namespace Spark.Notebooks;

public sealed partial record KeyPoints
{
    /// <summary>Module 00: what the report comes to, what one core can do, whether two take from one another, and what lies between them.</summary>
    public static KeyPoints Setup(EnvironmentReport report, Contention contention, params IReadOnlyList<NodeLink> links) =>
        new([WholeReport(report), .. report.Nodes.Take(1).Select(node => OneCore(node, report.Knobs)), Neighbours(contention, report.Knobs), .. links.Select(Moved)]);

    static string WholeReport(EnvironmentReport report)
    {
        var amiss = report.Rows.Where(row => row.Status > CheckStatus.Pass).Select(row => row.Check).ToList();
        return report.Status switch
        {
            CheckStatus.Fail => $"Something fails ({string.Join(", ", amiss)}): mend it before you go on, later modules will remind you.",
            CheckStatus.Warn => $"Nothing fails. Warned of: {string.Join(", ", amiss)}.",
            _ => "Everything that applies here passes.",
        };
    }

    static string OneCore(NodeReadings node, EnvironmentKnobs knobs)
    {
        if (node.Ceilings is not { } ceilings)
            return $"{node.Node} was not measured.";
        var read = ceilings.ReadBytesPerSecondAt(knobs.ReadBuffer.Bytes);
        return $"{node.Node} does {Figures.Si(ceilings.FlopPerSecond, "FLOP/s")} and reads {Figures.Si(read, "B/s")} from memory: {Figures.Show(ceilings.FlopPerSecond / read)} FLOP in the time of one byte.";
    }

    static string Neighbours(Contention contention, EnvironmentKnobs knobs)
    {
        if (contention.Together.Count < 2)
            return "The cluster has one node: there is nothing to take from one another.";
        if (contention.IsDisturbed)
            return "Whether the nodes take from one another cannot be told from this run: other programs were at work while it was measured.";
        var flop = contention.Alone.Min(node => contention.KeptFlop(node.Node));
        var reads = contention.Alone.Min(node => contention.KeptReads(node.Node));
        return (flop >= knobs.KeptSpeed ? "For computing, the nodes are machines of their own" : "For computing, the nodes take from one another, or other programs take from them")
            + $": with all at work the slower kept {flop:0 %} of its multiply-adds. "
            + (reads >= knobs.KeptSpeed ? "So they are for reading" : "For reading, they share the memory")
            + $": {reads:0 %}.";
    }

    static string Moved(NodeLink link) =>
        $"Over {link.Transport}, {link.Messages[0].Size} took {Figures.Show(link.Curve.Points[0].Time.TotalMicroseconds, "µs")} and {link.Messages[^1].Size} came at {Figures.Si(link.Curve.PeakBytesPerSecond, "B/s")}; "
        + $"each GB cost the source {Figures.Show(link.SourceCpuPerGigabyte.TotalMilliseconds, "ms")} of computing.";
}
