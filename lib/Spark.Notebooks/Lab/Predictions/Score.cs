namespace Spark.Notebooks;

/// <summary>A guess against what a measurement, a recording or a formula says.</summary>
public sealed record Score : Display
{
    const double Close = 1.5;

    public required string What { get; init; }
    public required string Unit { get; init; }
    public required double? Guess { get; init; }
    public required double Measured { get; init; }

    /// <summary>Where the value is from: measured, recorded or computed.</summary>
    public string How { get; init; } = "measured";

    /// <summary>What a formula said, where there is one.</summary>
    public double? Formula { get; init; }

    /// <summary>Guess ÷ measured; null without a guess.</summary>
    public double? Ratio => Guess / Measured;

    public override string ToHtml() => Box(Ratio is null ? Palette.Neutral : IsClose ? Palette.Right : Palette.Prefill, Escape(ToText()));

    public override string ToText() =>
        $"{What}: {How} {Figures.Show(Measured, Unit)}"
        + (Formula is { } formula ? $"; the formula says {Figures.Show(formula, Unit)} ({Figures.Ratio(formula / Measured)})" : "")
        + (Guess is { } guess ? $"; your guess was {Figures.Show(guess, Unit)} ({Figures.Ratio(guess / Measured)}, {Verdict})" : "; no guess given");

    bool IsClose => Ratio is > 1 / Close and < Close;

    string Verdict => IsClose ? "close" : Ratio > 1 ? "too high" : "too low";
}
