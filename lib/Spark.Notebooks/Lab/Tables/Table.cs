using Microsoft.Data.Analysis;

namespace Spark.Notebooks;

/// <summary>A data frame with its title and where its figures come from; units stand in the column heads.</summary>
public sealed record Table(string Title, DataFrame Frame, Provenance Provenance) : Display
{
    public override string ToHtml() =>
        $"<div><b>{Escape(Title)}</b>{TableHtml.Of(Frame)}<div style=\"opacity:.75;font-size:.9em\">{Escape(Provenance.Text)}</div></div>";

    public override string ToText() =>
        $"{Title}: " + string.Join("; ", Frame.Rows.Select(row => string.Join(", ", Frame.Columns.Zip(row).Select(cell => $"{cell.First.Name} {TableHtml.Text(cell.First, cell.Second)}".Trim()))));

    internal static StringDataFrameColumn Words(string name, IEnumerable<string> values) => new(name, values);

    internal static DoubleDataFrameColumn Numbers(string name, IEnumerable<double> values) => new(name, values);

    /// <summary>Of every entry the median over its repeats, or another statistic of them.</summary>
    internal static DoubleDataFrameColumn Numbers(string name, IEnumerable<RepeatedRun> runs, Func<LoadRun, double> figure, Func<Distribution, double>? statistic = null) =>
        Numbers(name, runs.Select(repeated => (statistic ?? (values => values.Median))(repeated.Of(figure, ""))));
}
