namespace Spark.Notebooks;

public static partial class Charts
{
    /// <summary>One figure of this run beside the same figure of recorded runs, each on its own machine: what is alike in shape need not be alike in height.</summary>
    public static Chart BesideRecorded(Series own, IReadOnlyList<RecordedRun> runs)
    {
        var others = runs.Select(run => (run, Series: run.Results.Series.FirstOrDefault(series => series.Name == own.Name))).Where(run => run.Series is not null).ToArray();
        return ChartLayout.Chart(
            $"{own.Name}: this run and recorded ones",
            others.Length == 0 ? $"No recorded run has \"{own.Name}\""
                : string.Join("; ", others.Select(other => $"{other.run.Name}: {Figures.Show(other.Series!.Points[^1].Median, own.Unit)} at {Figures.Show(other.Series.Points[^1].X)} {own.X}")),
            Provenance.All(
            [
                Provenance.Of(own),
                .. others.Select(other => Provenance.Recorded($"{other.run.Name}, {other.run.Results.SavedAt:yyyy-MM-dd}", $"cluster {other.run.Results.Cluster}; notebook on {other.run.Results.Machine.Cpu}")),
            ]),
            plotHeight: 300,
            [Trace("this run", own, Palette.Single, "circle"), .. others.Select((other, i) => Trace(other.run.Name, other.Series!, Palette.Neutral, i % 2 == 0 ? "square" : "diamond"))],
            new
            {
                xaxis = ChartLayout.Axis(own.X, new { type = "log", tickvals = own.Points.Select(point => point.X) }),
                yaxis = ChartLayout.Axis($"{own.Name} ({own.Unit})", new { type = "log", dtick = 1 }),
            },
            "Medians of all repeats");

        static object Trace(string name, Series series, string colour, string symbol) => new
        {
            type = "scatter",
            mode = "lines+markers",
            name,
            x = series.Points.Select(point => point.X),
            y = series.Points.Select(point => point.Median),
            line = new { color = colour, width = 2, dash = name == "this run" ? "solid" : "dash" },
            marker = new { color = colour, size = 8, symbol },
            hovertemplate = "%{x}: %{y:.3g} " + series.Unit + "<extra>" + name + "</extra>",
        };
    }
}
