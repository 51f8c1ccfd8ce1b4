namespace Spark.Notebooks;

/// <summary>Asks for a guess before a run, so that the run can surprise; keeps the guesses of all modules.</summary>
public static class Predict
{
    static readonly PredictionLedger Ledger = new(Path.Combine(DataFolder.Results, "predictions.json"), TimeProvider.System);

    /// <summary>Records a guess for the current module, a number from 0 up; a re-run with the same words replaces it, no guess and no such number leave the ledger alone.</summary>
    public static Prediction Number(string what, double? guess, string unit) => Number(Ledger, Lesson.Current.Number, what, guess, unit);

    /// <summary>For a guess written as text: it counts if it is a number, with the unit asked for or without one.</summary>
    public static Prediction Number(string what, string guess, string unit) => Number(Ledger, Lesson.Current.Number, what, guess, unit);

    /// <summary>How far off the guesses of all modules were.</summary>
    /// <exception cref="InvalidDataException">The ledger's file is broken; the message names it.</exception>
    public static Calibration Calibration() => Notebooks.Calibration.Of(Ledger.Rows);

    internal static Prediction Number(PredictionLedger ledger, string lesson, string what, double? guess, string unit)
    {
        var prediction = new Prediction { Lesson = lesson, What = what, Guess = guess, Unit = unit, Ledger = ledger };
        if (guess is not { } number)
            return prediction;
        if (!double.IsFinite(number) || number < 0)
            return prediction with { Guess = null, Objection = $"{number:R} is not a number from 0 up" };
        ledger.Record(new() { Lesson = lesson, What = what, Unit = unit, Guess = number });
        return prediction;
    }

    internal static Prediction Number(PredictionLedger ledger, string lesson, string what, string guess, string unit)
    {
        var number = GuessText.Read(guess, unit);
        var prediction = Number(ledger, lesson, what, number, unit);
        return number is null ? prediction with { Objection = $"\"{guess}\" is not a number of {unit}" } : prediction;
    }
}
