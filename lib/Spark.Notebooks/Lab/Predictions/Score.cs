namespace Spark.Notebooks;

/// <summary>A guess against what a measurement, a recording or a formula says.</summary>
public sealed record Score : Display
{
    /// <summary>A guess is close within this factor, either way.</summary>
    public const double Close = 2;

    public required string What { get; init; }
    public required string Unit { get; init; }
    public required double? Guess { get; init; }
    public required double Measured { get; init; }

    /// <summary>Where the value is from: measured, recorded or computed.</summary>
    public string How { get; init; } = "measured";

    /// <summary>What a formula said, where there is one.</summary>
    public double? Formula { get; init; }

    /// <summary>Guess ÷ measured; null without a guess, and where either is zero or less.</summary>
    public double? Ratio => RatioOf(Guess, Measured);

    internal static double? RatioOf(double? guess, double? measured) => guess > 0 && measured > 0 && double.IsFinite(measured.Value) ? guess / measured : null;

    internal static bool IsClose(double ratio) => ratio is >= 1 / Close and <= Close;

    public override string ToHtml() => Box(Guess is null ? Palette.Neutral : IsGood ? Palette.Right : Palette.Prefill, Escape(ToText()));

    public override string ToText() =>
        $"{What}: {How} {Figures.Show(Measured, Unit)}"
        + (Formula is { } formula ? $"; the formula says {Figures.Show(formula, Unit)} ({Figures.Ratio(formula / Measured)})" : "")
        + (Guess is { } guess ? $"; your guess was {Figures.Show(guess, Unit)} ({(Ratio is { } ratio ? $"{Figures.Ratio(ratio)}, " : "")}{Verdict})" : "; no guess given");

    bool IsGood => Ratio is { } ratio ? IsClose(ratio) : Guess == Measured;

    string Verdict => !double.IsFinite(Measured) ? "there is nothing to compare it with"
        : IsGood ? "close"
        : Guess > Measured ? "too high" : "too low";
}
