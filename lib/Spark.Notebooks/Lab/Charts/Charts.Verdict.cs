using System.Text.Json.Nodes;

namespace Spark.Notebooks;

public static partial class Charts
{
    /// <summary>Goodput under every workload, a bar an architecture, in good requests a second of each offered one, with the winner named below.</summary>
    public static Chart Verdict(ArchitectureVerdict verdict)
    {
        var names = verdict.Rows.SelectMany(row => row.Cells).Select(cell => cell.Architecture).Distinct().ToArray();
        string Label(VerdictRow row) => FormattableString.Invariant($"{row.Mix.Name}<br>{row.RequestsPerSecond:0.#}/s<br>{Brief(row.Winner)}");
        return ChartLayout.Chart(
            "Verdict: requests that kept the SLO, by workload and architecture",
            verdict.Sentence.TrimEnd('.'),
            verdict.Study.Provenance,
            plotHeight: 320,
            [.. names.Select(name => verdict.Rows.SelectMany(row => row.Cells.Where(cell => cell.Architecture == name), (row, cell) => (row, cell)).ToArray())
                .Select(cells => Bar(cells[0].cell.Architecture, Palette.Of(cells[0].cell.Architecture, 0), cells.Select(entry => Label(entry.row)), [.. cells.Select(entry => new Distribution(entry.cell.GoodShare.Values.Select(share => 100 * share), "%"))]))],
            new
            {
                barmode = "group",
                xaxis = ChartLayout.Axis("workload and rate, with the winner by goodput", new { type = "category", tickangle = 0, tickfont = new { size = 10 }, categoryorder = "array", categoryarray = verdict.Rows.Select(Label) }),
                yaxis = ChartLayout.Axis("requests that kept the SLO (%)", new { range = new[] { 0, 108 } }),
            },
            "Medians; lines: lowest to highest repeat");
    }

    /// <summary>Who wins where, measured above and predicted below: a panel a rate, prompt length over output length, coloured from the first architecture's colour to the last one's.</summary>
    public static Chart WinnerMaps(WinnerMap measured, WinnerMap predicted)
    {
        WinnerMap[] maps = [measured, predicted];
        var rates = measured.Cells.Select(cell => cell.Multiple).Distinct().ToArray();
        var (first, last) = (measured.Cells[0].Goodput.Keys.First(), measured.Cells[0].Goodput.Keys.Last());
        var layout = new JsonObject
        {
            ["margin"] = PlotlyJson.From(new { r = 130 }),
            ["annotations"] = PlotlyJson.From(maps.SelectMany((map, row) => rates.Select((rate, column) =>
                Words(FormattableString.Invariant($"<b>{map.Source}</b>, {rate:0.##} × one node's rate"), "paper", Span(column, rates.Length)[0], "paper", Rows(row, 2, 0.26)[1])))),
        };
        for (var panel = 0; panel < 2 * rates.Length; panel++)
        {
            layout[Layout("x", panel)] = ChartLayout.Axis("output (tokens)", new { type = "category", domain = Span(panel % rates.Length, rates.Length), anchor = Axis("y", panel) });
            layout[Layout("y", panel)] = ChartLayout.Axis("prompt (tokens)", new { type = "category", domain = Rows(panel / rates.Length, 2, 0.26), anchor = Axis("x", panel) });
        }
        return ChartLayout.Chart(
            $"Who wins where: goodput of {last} against {first}",
            predicted.ErrorAgainst(measured).ToText(),
            measured.Provenance,
            plotHeight: 460,
            [.. maps.SelectMany((map, row) => rates.Select((rate, column) => Heat(map, rate, (row * rates.Length) + column, first, last)))],
            layout,
            predicted.Provenance.Text);
    }

    /// <summary>The first word of an architecture's name, which is all that fits a cell.</summary>
    static string Brief(string winner) => winner == Comparison.TooClose ? "too close" : winner.Split(' ')[0];

    static object Heat(WinnerMap map, double rate, int panel, string first, string last)
    {
        var cells = map.Cells.Where(cell => cell.Multiple == rate).ToArray();
        var outputs = cells.Select(cell => cell.Mix.OutputTokens).Distinct().Order().ToArray();
        var prompts = cells.Select(cell => cell.Mix.PromptTokens).Distinct().Order().ToArray();
        WinnerCell? At(int prompt, int output) => cells.FirstOrDefault(cell => (cell.Mix.PromptTokens, cell.Mix.OutputTokens) == (prompt, output));
        return new
        {
            type = "heatmap",
            xaxis = Axis("x", panel),
            yaxis = Axis("y", panel),
            x = outputs.Select(output => $"{output}"),
            y = prompts.Select(prompt => $"{prompt}"),
            z = prompts.Select(prompt => outputs.Select(output => At(prompt, output)?.Advantage)),
            text = prompts.Select(prompt => outputs.Select(output => At(prompt, output) is { } cell
                ? $"<b>{Brief(cell.Winner)}</b><br>{string.Join(" / ", cell.Goodput.Values.Select(value => Figures.Show(value)))} good/s" : "")),
            texttemplate = "%{text}",
            textfont = new { color = "#111111", size = 11 },
            hovertemplate = "prompt %{y}, output %{x}: %{text}<extra></extra>",
            zmin = -1,
            zmax = 1,
            xgap = 2,
            ygap = 2,
            colorscale = new object[] { new object[] { 0, Palette.Of(first, 0) }, new object[] { 0.5, "#F2F2F2" }, new object[] { 1, Palette.Of(last, 1) } },
            showscale = panel == 0,
            colorbar = new { tickvals = new[] { -1, 0, 1 }, ticktext = new[] { first, "even", last }, len = 1, thickness = 14 },
        };
    }
}
