namespace Spark.Notebooks;

/// <summary>A question with one number as its answer, and the wrong answers that are worth naming.</summary>
public sealed record Exercise
{
    public required string Question { get; init; }
    public required double Right { get; init; }
    public required string Unit { get; init; }

    /// <summary>How the right answer comes about; shown once it was given.</summary>
    public required string Because { get; init; }

    /// <summary>Where to start; shown to a blank or an unknown wrong answer.</summary>
    public required string Hint { get; init; }

    /// <summary>How far off, relative to the right answer, still counts as right.</summary>
    public double Tolerance { get; init; } = 0.02;

    /// <summary>The first that fits is named; one that equals the right answer by chance never is.</summary>
    public IReadOnlyList<WrongAnswer> CommonMistakes { get; init; } = [];

    public Verdict Check(double? answer) => answer switch
    {
        null => new(Outcome.NoAnswer, $"{Question} No answer yet: replace ___ by your number in {Unit}. Hint: {Hint}"),
        { } value when Fits(value, Right) => new(Outcome.Right, $"{Figures.Show(value, Unit)} is right. {Because}"),
        { } value when CommonMistakes.FirstOrDefault(mistake => Fits(value, mistake.Value)) is { } known => new(Outcome.KnownMistake, $"{Figures.Show(value, Unit)} is not it. {known.Why}"),
        { } value => new(Outcome.Wrong, $"{Figures.Show(value, Unit)} is too {(value > Right ? "high" : "low")}. Hint: {Hint}"),
    };

    private bool Fits(double answer, double target) => Math.Abs(answer - target) <= Tolerance * Math.Abs(target);
}
