using System.Text.Json.Serialization;

namespace Spark.Benchmarks;

/// <summary>A measured time beside two predictions of it, in ms: from the machine's ceilings alone, and with the shares of them that three other steps showed.</summary>
/// <param name="IsCalibration">Whether it is one of those three, whose error says nothing.</param>
sealed record Prediction(string What, double MeasuredMs, double FromCeilingsMs, double? CalibratedMs = null, bool IsCalibration = false)
{
    [JsonIgnore]
    public double CeilingsError => FromCeilingsMs / MeasuredMs - 1;

    [JsonIgnore]
    public double? CalibratedError => CalibratedMs / MeasuredMs - 1;
}
