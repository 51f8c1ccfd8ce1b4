using System.Net;
using System.Text;

namespace Spark.Notebooks;

/// <summary>The environment report as an HTML table: a column a node, one cell for all where they agree, and a line with advice where something is amiss.</summary>
internal static class EnvironmentHtml
{
    const string Cell = "padding:.2em .6em;border-bottom:1px solid rgba(128,128,128,.25);text-align:left;vertical-align:top";

    static readonly Provenance Provenance = Provenance.Measured("read from the operating system and from the course's own files; rows that say so were measured in processes on the nodes' cores");

    public static string Of(EnvironmentReport report)
    {
        var html = new StringBuilder($"<div><b>{Escape(report.Summary)}</b><div style=\"overflow-x:auto\"><table style=\"border-collapse:collapse\"><thead><tr><th style=\"{Cell}\">check</th>");
        foreach (var node in report.Nodes)
            html.Append($"<th style=\"{Cell}\">{Escape(node.Node)}</th>");
        html.Append("</tr></thead><tbody>");
        foreach (var row in report.Rows.Where(row => !report.ShowsOnlyAmiss || row.Status > CheckStatus.Pass))
        {
            html.Append($"<tr{(row.Status == CheckStatus.NotApplicable ? " style=\"opacity:.65\"" : "")}><td style=\"{Cell};white-space:nowrap\">{Escape(row.Check)}</td>{Findings(row)}</tr>");
            if (row.Fix.Length > 0)
                html.Append($"<tr><td style=\"{Cell};text-align:right\">→</td><td colspan=\"{report.Nodes.Count}\" style=\"{Cell}\"><i>{Escape(row.Fix)}</i></td></tr>");
        }
        return html.Append($"</tbody></table></div><div style=\"opacity:.75;font-size:.9em\">{Escape(Provenance.Text)}</div></div>").ToString();
    }

    public static string Mark(CheckStatus status) => status switch
    {
        CheckStatus.Pass => "✓",
        CheckStatus.Warn => "⚠",
        CheckStatus.Fail => "✗",
        _ => "–",
    };

    static string Findings(EnvironmentRow row)
    {
        var findings = row.Findings.Distinct().Count() == 1 ? row.Findings.Take(1) : row.Findings;
        var span = row.Findings.Count / findings.Count();
        return string.Concat(findings.Select(finding =>
            $"<td colspan=\"{span}\" style=\"{Cell}\"><span style=\"color:{Colour(finding.Status)};font-weight:bold\" title=\"{finding.Status}\">{Mark(finding.Status)}</span> {Escape(finding.Found)}</td>"));
    }

    static string Colour(CheckStatus status) => status switch
    {
        CheckStatus.Pass => Palette.Right,
        CheckStatus.Warn => Palette.Prefill,
        CheckStatus.Fail => Palette.Wrong,
        _ => Palette.Neutral,
    };

    static string Escape(string text) => WebUtility.HtmlEncode(text);
}
