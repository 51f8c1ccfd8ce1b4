using System.Globalization;

namespace Spark.Benchmarks;

/// <summary>The predictions of one machine, and how far they are off.</summary>
sealed record PredictionTable(string Machine, IReadOnlyList<Prediction> Predictions)
{
    public double MedianCeilingsError => Spread.Of(Predictions.Select(one => Math.Abs(one.CeilingsError))).Median;

    /// <summary>Of those that were not calibrated on.</summary>
    public double? MedianCalibratedError => Predictions.Where(one => one is { IsCalibration: false, CalibratedError: not null }).Select(one => Math.Abs(one.CalibratedError!.Value)).ToArray() is { Length: > 0 } errors ? Spread.Of(errors).Median : null;

    public void Print()
    {
        Console.WriteLine($"{Machine}");
        Console.WriteLine($"  {"",-44} {"measured",10} {"ceilings",10} {"error",8} {"calibrated",11} {"error",8}");
        foreach (var one in Predictions)
            Console.WriteLine(Invariant($"  {one.What,-44} {one.MeasuredMs,10:0.00} {one.FromCeilingsMs,10:0.00} {one.CeilingsError,8:P0} {(one.CalibratedMs is { } calibrated ? Invariant($"{calibrated,11:0.00} {(one.IsCalibration ? "(used)" : Invariant($"{one.CalibratedError:P0}")),8}") : "")}"));
        Console.WriteLine(Invariant($"  median absolute error: from the ceilings alone {MedianCeilingsError:P1}{(MedianCalibratedError is { } error ? Invariant($", calibrated on the rows marked as used {error:P1} of the others") : "")}"));
    }

    static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
