namespace Spark.Notebooks;

/// <summary>A guess made before a measurement, or the lack of one.</summary>
public sealed record Prediction : Display
{
    public required string Lesson { get; init; }
    public required string What { get; init; }
    public required double? Guess { get; init; }
    public required string Unit { get; init; }

    /// <summary>Why what was given is no guess; empty where nothing is wrong with it.</summary>
    public string Objection { get; init; } = "";

    internal PredictionLedger? Ledger { get; init; }

    /// <summary>Sets the guess beside what was measured, and beside a formula's value where there is one.</summary>
    public Score Score(double measured, double? formula = null) => Against(measured, formula, "measured");

    /// <summary>Sets the guess beside what a formula says, with the recorded figures in it if there are any.</summary>
    public Score ScoreComputed(double computed) => Against(computed, null, "computed");

    Score Against(double value, double? formula, string how)
    {
        if (Guess is { } guess && double.IsFinite(value))
            Ledger?.Record(new() { Lesson = Lesson, What = What, Unit = Unit, Guess = guess, Measured = value });
        return new() { What = What, Unit = Unit, Guess = Guess, Measured = value, Formula = formula, How = how };
    }

    public override string ToHtml() => Box(Objection.Length > 0 ? Palette.Wrong : Palette.Prefill, Escape(ToText()));

    public override string ToText() => Guess is { } guess
        ? $"{What}: your guess is {Figures.Show(guess, Unit)}, recorded before the run"
        : $"{What}: {(Objection.Length > 0 ? $"{Objection}, so nothing was recorded and an earlier guess stays" : "no guess given")}. "
            + $"Replace {(Objection.Length > 0 ? "it" : "___")} by your number ({Unit}) and run this cell again";
}
