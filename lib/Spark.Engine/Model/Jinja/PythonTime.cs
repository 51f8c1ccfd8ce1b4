using System.Globalization;
using System.Text;

namespace Spark.Engine;

/// <summary>Python's <c>strftime</c>, as far as templates date their prompts.</summary>
internal static class PythonTime
{
    public static string Format(DateTimeOffset now, string format)
    {
        var text = new StringBuilder();
        for (var i = 0; i < format.Length; i++)
            text.Append(format[i] == '%' && i + 1 < format.Length ? Field(now, format[++i]) : format[i].ToString());
        return text.ToString();
    }

    static string Field(DateTimeOffset now, char directive) => directive switch
    {
        '%' => "%",
        'Y' => now.ToString("yyyy", CultureInfo.InvariantCulture),
        'y' => now.ToString("yy", CultureInfo.InvariantCulture),
        'm' => now.ToString("MM", CultureInfo.InvariantCulture),
        'd' => now.ToString("dd", CultureInfo.InvariantCulture),
        'b' => now.ToString("MMM", CultureInfo.InvariantCulture),
        'B' => now.ToString("MMMM", CultureInfo.InvariantCulture),
        'a' => now.ToString("ddd", CultureInfo.InvariantCulture),
        'A' => now.ToString("dddd", CultureInfo.InvariantCulture),
        'H' => now.ToString("HH", CultureInfo.InvariantCulture),
        'I' => now.ToString("hh", CultureInfo.InvariantCulture),
        'M' => now.ToString("mm", CultureInfo.InvariantCulture),
        'S' => now.ToString("ss", CultureInfo.InvariantCulture),
        'p' => now.ToString("tt", CultureInfo.InvariantCulture),
        _ => throw new JinjaException($"strftime_now does not know '%{directive}'"),
    };
}
