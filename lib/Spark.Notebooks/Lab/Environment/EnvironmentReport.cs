namespace Spark.Notebooks;

/// <summary>Whether this cluster can do what the course asks of it: one table of pass, warn, fail and not applicable, with what to do about each.</summary>
public sealed record EnvironmentReport : Display
{
    public required string Cluster { get; init; }
    public required IReadOnlyList<NodeReadings> Nodes { get; init; }
    public required EnvironmentKnobs Knobs { get; init; }

    /// <summary>Whether only rows that warn or fail are shown.</summary>
    public bool ShowsOnlyAmiss { get; init; }

    public IReadOnlyList<EnvironmentRow> Rows =>
        [.. EnvironmentChecks.All.Select(check => new EnvironmentRow(check.Name, [.. Nodes.Select(node => check.Judge(node, Knobs))]))];

    /// <summary>The worst row's.</summary>
    public CheckStatus Status => Rows.Max(row => row.Status);

    /// <summary>Reads what the nodes tell of themselves; measures nothing yet, and starts nothing.</summary>
    /// <exception cref="NodeConnectionException">A machine cannot be reached or read.</exception>
    public static async Task<EnvironmentReport> OfAsync(Cluster cluster, EnvironmentKnobs? knobs = null, CancellationToken cancellation = default) => new()
    {
        Cluster = cluster.Name,
        Nodes = cluster.Machines is { Count: > 0 } machines ? await MachineProbe.OfAsync(machines, cluster.Model, cancellation) : LocalReadings.Of(cluster),
        Knobs = knobs ?? new(),
    };

    /// <summary>The report with measurements in their rows.</summary>
    public EnvironmentReport With(IReadOnlyList<NodeCeilings> ceilings, Contention contention, params IReadOnlyList<NodeLink> links) => this with
    {
        Nodes = [.. Nodes.Select(node => node with
        {
            Ceilings = ceilings.FirstOrDefault(one => one.Node == node.Node),
            Alone = contention.Alone.FirstOrDefault(one => one.Node == node.Node),
            Together = contention.Together.Count > 1 ? contention.Together.FirstOrDefault(one => one.Node == node.Node) : null,
            Links = [.. links.Where(link => link.To == node.Node || link.From == node.Node)],
        })],
    };

    /// <summary>The same readings, judged by other knobs.</summary>
    public EnvironmentReport With(EnvironmentKnobs knobs) => this with { Knobs = knobs };

    /// <summary>The rows that warn or fail.</summary>
    public EnvironmentReport OnlyAmiss => this with { ShowsOnlyAmiss = true };

    /// <summary>What a results file keeps of it, and later modules look at.</summary>
    public EnvironmentFacts Facts => new()
    {
        Status = Status,
        Rows = [.. from row in Rows
                   from finding in row.Findings.Zip(Nodes)
                   select new EnvironmentFact(row.Check, finding.Second.Node, finding.First.Status, finding.First.Found, finding.First.Fix)],
        Ceilings = [.. Nodes.Select(node => node.Ceilings).OfType<NodeCeilings>()],
    };

    public override string ToHtml() => EnvironmentHtml.Of(this);

    public override string ToText() => $"{Summary}. "
        + string.Join(" ", Rows.Where(row => row.Status > CheckStatus.Pass).Select(row => $"{EnvironmentHtml.Mark(row.Status)} {row.Check}: {string.Join(", ", row.Findings.Select(finding => finding.Found).Distinct())}. {row.Fix}"));

    internal string Summary => $"Environment of {Cluster}: {Count(CheckStatus.Pass)} pass, {Count(CheckStatus.Warn)} warn, {Count(CheckStatus.Fail)} fail, {Count(CheckStatus.NotApplicable)} not applicable";

    int Count(CheckStatus status) => Rows.Count(row => row.Status == status);
}
