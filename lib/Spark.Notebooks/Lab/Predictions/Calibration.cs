namespace Spark.Notebooks;

/// <summary>How far a learner's guesses are from what came of them, over all modules.</summary>
public sealed record Calibration : Display
{
    /// <summary>Guesses with what came of them and guess ÷ measured, module by module.</summary>
    public required IReadOnlyList<(LedgerRow Row, double Ratio)> Scored { get; init; }

    /// <summary>Guesses that were scored and have no ratio, because they or what came of them is zero.</summary>
    public required IReadOnlyList<LedgerRow> WithoutRatio { get; init; }

    /// <summary>Guesses whose run is still to come.</summary>
    public required IReadOnlyList<LedgerRow> Waiting { get; init; }

    internal static Calibration Of(IEnumerable<LedgerRow> rows)
    {
        LedgerRow[] all = [.. rows.OrderBy(row => row.Lesson, StringComparer.Ordinal).ThenBy(row => row.At)];
        return new()
        {
            Scored = [.. from row in all let ratio = Score.RatioOf(row.Guess, row.Measured) where ratio is not null select (row, ratio.Value)],
            WithoutRatio = [.. all.Where(row => row.Measured is not null && Score.RatioOf(row.Guess, row.Measured) is null)],
            Waiting = [.. all.Where(row => row.Measured is null)],
        };
    }

    /// <summary>How many came close, and how far off and on which side the guesses are.</summary>
    internal string Headline => $"Of {Figures.Count(Scored.Count, "guess", "guesses")}, {Scored.Count(guess => Score.IsClose(guess.Ratio))} came within a factor of two. "
        + $"In the median you were off by a factor of {Figures.Show(Off(Scored))}, {Direction()}";

    public override string ToHtml() => Box(Palette.Single, Escape(ToText()));

    public override string ToText() => string.Join(" ", (string[])[.. Sentences()]);

    IEnumerable<string> Sentences()
    {
        if (Scored.Count == 0)
            yield return "No guess was scored yet, so there is no calibration. Replace ___ in the cells marked ← your guess, run them and the cells below that score them, in any module; then run this cell again.";
        else
            yield return $"{Headline}.";
        if (Scored.Select(guess => guess.Row.Lesson).Distinct().Count() > 1)
            yield return $"By module, the median factor was {string.Join(", ", Scored.GroupBy(guess => guess.Row.Lesson, (lesson, guesses) => $"{lesson}: {Figures.Show(Off([.. guesses]))}"))}.";
        if (WithoutRatio.Count > 0)
            yield return $"Zero has no ratio: {string.Join("; ", WithoutRatio.Select(row => $"{row.What}, guessed {Figures.Show(row.Guess)}, was {Figures.Show(row.Measured!.Value, row.Unit)}"))}.";
        if (Waiting.Count > 0)
            yield return $"Waiting for their runs: {string.Join(", ", Waiting.Select(row => $"{row.What} (module {row.Lesson})"))}.";
    }

    string Direction()
    {
        var (high, low) = (Scored.Count(guess => guess.Ratio > 1), Scored.Count(guess => guess.Ratio < 1));
        return high == low ? $"as often too high as too low ({high} each)"
            : high > low ? $"more often too high ({high}) than too low ({low})"
            : $"more often too low ({low}) than too high ({high})";
    }

    static double Off(IReadOnlyList<(LedgerRow Row, double Ratio)> guesses) => Math.Exp(new Distribution(guesses.Select(guess => Math.Abs(Math.Log(guess.Ratio))), "").Median);
}
