using System.Globalization;
using System.Text.RegularExpressions;

namespace Spark.Notebooks;

/// <summary>A number of bytes that keeps GiB (2^30) and GB (10^9) apart: memory is sold and reserved in GiB, bandwidth and weights are quoted in GB.</summary>
public readonly partial record struct ByteSize(long Bytes) : IComparable<ByteSize>
{
    public double MiB => Bytes / (double)(1L << 20);
    public double GiB => Bytes / (double)(1L << 30);
    public double GB => Bytes / 1e9;

    public static ByteSize FromMiB(double mebibytes) => new((long)(mebibytes * (1L << 20)));
    public static ByteSize FromGiB(double gibibytes) => new((long)(gibibytes * (1L << 30)));
    public static ByteSize FromGB(double gigabytes) => new((long)(gigabytes * 1e9));

    public static ByteSize operator +(ByteSize left, ByteSize right) => new(left.Bytes + right.Bytes);
    public static ByteSize operator -(ByteSize left, ByteSize right) => new(left.Bytes - right.Bytes);
    public static ByteSize operator *(double factor, ByteSize size) => new((long)(factor * size.Bytes));
    public static ByteSize operator /(ByteSize size, int parts) => new(size.Bytes / parts);
    public static bool operator <(ByteSize left, ByteSize right) => left.Bytes < right.Bytes;
    public static bool operator >(ByteSize left, ByteSize right) => left.Bytes > right.Bytes;
    public static bool operator <=(ByteSize left, ByteSize right) => left.Bytes <= right.Bytes;
    public static bool operator >=(ByteSize left, ByteSize right) => left.Bytes >= right.Bytes;

    public int CompareTo(ByteSize other) => Bytes.CompareTo(other.Bytes);

    /// <summary>Reads "512MiB", "1.5 GB" or "4096"; a number without a unit is bytes.</summary>
    /// <exception cref="FormatException">The text is not a number with one of the units B, KiB, MiB, GiB, kB, MB, GB.</exception>
    public static ByteSize Parse(string text)
    {
        var match = Pattern().Match(text);
        if (!match.Success)
            throw new FormatException($"\"{text}\" is not a size: write a number with B, KiB, MiB, GiB, kB, MB or GB, such as 512MiB.");
        var factor = match.Groups[2].Value switch
        {
            "KiB" => 1L << 10,
            "MiB" => 1L << 20,
            "GiB" => 1L << 30,
            "kB" => 1e3,
            "MB" => 1e6,
            "GB" => 1e9,
            _ => 1,
        };
        return new((long)(double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) * factor));
    }

    public override string ToString() => Bytes switch
    {
        < 1L << 10 => $"{Bytes} B",
        < 1L << 20 => string.Create(CultureInfo.InvariantCulture, $"{Bytes / 1024.0:0.##} KiB"),
        < 1L << 30 => string.Create(CultureInfo.InvariantCulture, $"{MiB:0.##} MiB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{GiB:0.##} GiB"),
    };

    [GeneratedRegex(@"^\s*([0-9]+(?:\.[0-9]+)?)\s*(B|KiB|MiB|GiB|kB|MB|GB)?\s*$")]
    private static partial Regex Pattern();
}
