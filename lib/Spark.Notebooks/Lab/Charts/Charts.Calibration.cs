using System.Globalization;

namespace Spark.Notebooks;

public static partial class Charts
{
    const int GuessHeight = 26;

    /// <summary>Every scored guess as guess ÷ measured on a log axis, module by module, with 1× and the band of a factor of two marked.</summary>
    /// <exception cref="ArgumentException">No guess was scored.</exception>
    public static Chart Calibration(Calibration calibration)
    {
        if (calibration.Scored.Count == 0)
            throw new ArgumentException($"There is nothing to draw. {calibration.ToText()}", nameof(calibration));
        var (guesses, reach) = (calibration.Scored, calibration.Scored.Max(guess => Math.Max(guess.Ratio, 1 / guess.Ratio)));
        // A decade either way at least, and room for the outermost label.
        var edge = Math.Max(1, 1.4 * Math.Log10(reach));
        double[] ticks = [.. DecadeTicks((int)Math.Ceiling(edge)).Where(tick => Math.Abs(Math.Log10(tick)) <= edge)];
        return ChartLayout.Chart(
            "Your calibration: guess ÷ measured",
            calibration.Headline,
            Provenance.Computed("guess ÷ what was measured, or computed where the module says so, of every scored row in predictions.json, which keeps one row a question, the newest; "
                + string.Create(CultureInfo.InvariantCulture, $"scored {guesses.Min(guess => guess.Row.At):yyyy-MM-dd HH:mm} to {guesses.Max(guess => guess.Row.At):yyyy-MM-dd HH:mm}")),
            plotHeight: GuessHeight * (guesses.Count + 1),
            [
                .. Guesses("too high", Palette.Prefill, "triangle-right", guesses.Where(guess => guess.Ratio > Score.Close)),
                .. Guesses("within a factor of two", Palette.Right, "circle", guesses.Where(guess => Score.IsClose(guess.Ratio))),
                .. Guesses("too low", Palette.Decode, "triangle-left", guesses.Where(guess => guess.Ratio < 1 / Score.Close)),
            ],
            new
            {
                xaxis = ChartLayout.Axis("guess ÷ measured", new { type = "log", range = new[] { -edge, edge }, tickvals = ticks, ticktext = ticks.Select(Figures.Ratio) }),
                yaxis = ChartLayout.Axis("module and question", new { type = "category", autorange = "reversed", categoryorder = "array", categoryarray = guesses.Select(guess => Label(guess.Row)), ticks = "" }),
                shapes = (object[])[Band(), Even(), .. guesses.Select(Reach)],
            },
            "Shaded: within a factor of two");
    }

    static object[] Guesses(string name, string colour, string symbol, IEnumerable<(LedgerRow Row, double Ratio)> guesses) => guesses.ToArray() is not { Length: > 0 } all ? [] :
    [
        new
        {
            type = "scatter",
            mode = "markers+text",
            name,
            x = all.Select(guess => guess.Ratio),
            y = all.Select(guess => Label(guess.Row)),
            text = all.Select(guess => Figures.Ratio(guess.Ratio)),
            textposition = all.Select(guess => guess.Ratio < 1 ? "middle left" : "middle right"),
            cliponaxis = false,
            marker = new { color = colour, size = 11, symbol },
            customdata = all.Select(guess => $"guess {Figures.Show(guess.Row.Guess, guess.Row.Unit)}, was {Figures.Show(guess.Row.Measured!.Value, guess.Row.Unit)}"),
            hovertemplate = "%{y}: %{customdata}<extra>" + name + "</extra>",
        },
    ];

    static string Label(LedgerRow row) => $"{row.Lesson}  {row.What}";

    static object Band() => new { type = "rect", layer = "below", xref = "x", x0 = 1 / Score.Close, x1 = Score.Close, yref = "paper", y0 = 0, y1 = 1, fillcolor = Palette.Right, opacity = 0.12, line = new { width = 0 } };

    static object Even() => new { type = "line", xref = "x", x0 = 1, x1 = 1, yref = "paper", y0 = 0, y1 = 1, line = new { color = Palette.Neutral, width = 1.5 } };

    static object Reach((LedgerRow Row, double Ratio) guess) => new
    {
        type = "line",
        layer = "below",
        xref = "x",
        x0 = 1,
        x1 = guess.Ratio,
        yref = "y",
        y0 = Label(guess.Row),
        y1 = Label(guess.Row),
        line = new { color = Palette.Neutral, width = 1.5 },
    };

    // Over many decades, powers of ten alone.
    static IEnumerable<double> DecadeTicks(int decades) =>
        from power in Enumerable.Range(-decades, (2 * decades) + 1)
        from step in decades > 2 ? [1.0] : new[] { 1.0, 2, 5 }
        select step * Math.Pow(10, power);
}
