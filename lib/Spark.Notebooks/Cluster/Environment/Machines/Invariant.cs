using System.Globalization;

namespace Spark.Notebooks;

/// <summary>Numbers as programs print them; null where there is none.</summary>
internal static class Invariant
{
    public static long? Whole(string? text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    public static double? Leading(string? text) =>
        double.TryParse(text?.Split(' ')[0], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) ? number : null;
}
