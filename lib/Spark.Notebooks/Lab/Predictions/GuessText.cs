using System.Globalization;

namespace Spark.Notebooks;

/// <summary>Reads a guess that was typed as text.</summary>
internal static class GuessText
{
    /// <summary>The number, with the unit asked for behind it or with none; null for anything else, such as another unit or a decimal comma.</summary>
    public static double? Read(string text, string unit)
    {
        var number = text.Trim();
        if (number.EndsWith(unit, StringComparison.OrdinalIgnoreCase))
            number = number[..^unit.Length];
        return double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : null;
    }
}
