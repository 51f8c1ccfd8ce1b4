namespace Spark.Notebooks;

/// <summary>One check and what it found on each node, in the nodes' order.</summary>
public sealed record EnvironmentRow(string Check, IReadOnlyList<Finding> Findings)
{
    /// <summary>The worst of them.</summary>
    public CheckStatus Status => Findings.Max(finding => finding.Status);

    /// <summary>What to do, each advice once.</summary>
    public string Fix => string.Join(" ", Findings.Select(finding => finding.Fix).Where(fix => fix.Length > 0).Distinct());
}
