using System.Globalization;

namespace Spark.Engine;

/// <summary>Reads sizes such as <c>768MiB</c>, <c>2GB</c> or <c>1073741824</c>: binary and decimal units are kept apart.</summary>
public static class ByteSize
{
    static readonly (string Unit, double Bytes)[] Units =
        [("KiB", 1L << 10), ("MiB", 1L << 20), ("GiB", 1L << 30), ("TiB", 1L << 40), ("KB", 1e3), ("MB", 1e6), ("GB", 1e9), ("TB", 1e12), ("B", 1)];

    /// <exception cref="FormatException">Says what a size looks like.</exception>
    public static long Parse(string text)
    {
        var (unit, bytes) = Units.FirstOrDefault(u => text.EndsWith(u.Unit, StringComparison.OrdinalIgnoreCase), ("", 1));
        return double.TryParse(text.AsSpan(0, text.Length - unit.Length), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number > 0
            ? (long)(number * bytes)
            : throw new FormatException($"'{text}' is not a size: write 768MiB, 2GiB or a number of bytes.");
    }
}
