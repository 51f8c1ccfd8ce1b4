namespace Spark.Notebooks;

/// <summary>A question with one number as its answer, and the wrong answers that are worth naming.</summary>
public sealed record Exercise
{
    public required string Question { get; init; }
    public required double Right { get; init; }
    public required string Unit { get; init; }

    /// <summary>How the right answer comes about; shown once it was given.</summary>
    public required string Because { get; init; }

    /// <summary>Where to start; shown to a blank.</summary>
    public required string Hint { get; init; }

    /// <summary>The calculation in words, the second hint; shown to a wrong answer whose mistake is not known.</summary>
    public required string Formula { get; init; }

    /// <summary>How far off, relative to the right answer, still counts as right.</summary>
    public double Tolerance { get; init; } = 0.02;

    public IReadOnlyList<WrongAnswer> CommonMistakes { get; init; } = [];

    /// <summary>Of the right answer and the common mistakes, the nearest within tolerance judges; a tie is right.</summary>
    public Verdict Check(double? answer)
    {
        if (answer is not { } value)
            return new(Outcome.NoAnswer, $"{Question} No answer yet: replace ___ by your number ({Unit}). Hint: {Hint}");
        if (!double.IsFinite(Right))
            return new(Outcome.NoAnswer, $"{Question} This run did not measure what the answer is computed from.");
        if (!double.IsFinite(value))
            return new(Outcome.Wrong, $"{value:R} is no number that could be compared; give one in {Unit}. Hint: {Hint}");
        var given = Figures.Show(value, Unit);
        var mistake = CommonMistakes.Where(mistake => Fits(mistake.Value)).MinBy(mistake => Off(mistake.Value));
        if (Fits(Right) && (mistake is null || Off(Right) <= Off(mistake.Value)))
            return new(Outcome.Right, $"{given} is right. {Because}");
        return mistake is not null
            ? new(Outcome.KnownMistake, $"{given} is not it. {mistake.Why}")
            : new(Outcome.Wrong, $"{given} is too {(value > Right ? "high" : "low")}. Hint: {Formula}");

        double Off(double target) => Math.Abs(value - target);
        bool Fits(double target) => Off(target) <= Tolerance * Math.Abs(target);
    }
}
