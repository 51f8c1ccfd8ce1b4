using System.Globalization;

namespace Spark.Notebooks;

/// <summary>Numbers as people read them: three significant digits or all whole ones, thousands apart.</summary>
internal static class Figures
{
    static readonly string[] Prefixes = ["", "k", "M", "G", "T", "P"];

    public static string Show(double value)
    {
        var text = Significant(value);
        return text.Contains('.', StringComparison.Ordinal) ? text.TrimEnd('0').TrimEnd('.') : text;
    }

    /// <summary>As <see cref="Show(double)"/>, with the zeros at the end: a column of such numbers reads evenly.</summary>
    public static string Significant(double value)
    {
        if (!double.IsFinite(value))
            return "–";
        var decimals = value == 0 ? 0 : Math.Clamp(2 - (int)Math.Floor(Math.Log10(Math.Abs(value))), 0, 6);
        return value.ToString("N" + decimals, CultureInfo.InvariantCulture).Replace('-', '−');
    }

    public static string Show(double value, string unit) => $"{Show(value)} {unit}";

    /// <summary>With an SI prefix: 236000000000 FLOP/s as "236 GFLOP/s".</summary>
    public static string Si(double value, string unit)
    {
        var step = value < 1000 ? 0 : Math.Min((int)(Math.Log10(value) / 3), Prefixes.Length - 1);
        return $"{Show(value / Math.Pow(1000, step))} {Prefixes[step]}{unit}";
    }

    public static string Ratio(double value) => $"{Show(value)}×";

    public static string Count(int number, string noun, string? plural = null) => $"{number} {(number == 1 ? noun : plural ?? noun + "s")}";
}
