namespace Spark.Notebooks;

/// <summary>Asks for a guess before a run, so that the run can surprise.</summary>
public static class Predict
{
    static readonly PredictionLedger Ledger = new(Path.Combine(DataFolder.Results, "predictions.json"), TimeProvider.System);

    /// <summary>Records a guess for the current module; a re-run with the same words replaces it, no guess leaves the ledger alone.</summary>
    public static Prediction Number(string what, double? guess, string unit) => Number(Ledger, Lesson.Current.Number, what, guess, unit);

    internal static Prediction Number(PredictionLedger ledger, string lesson, string what, double? guess, string unit)
    {
        var prediction = new Prediction { Lesson = lesson, What = what, Guess = guess, Unit = unit, Ledger = ledger };
        if (guess is not null)
            ledger.Record(new() { Lesson = lesson, What = what, Unit = unit, Guess = guess.Value });
        return prediction;
    }
}
