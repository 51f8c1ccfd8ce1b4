using System.Globalization;
using System.Text;

namespace Spark.Notebooks;

/// <summary>Reads the Prometheus text format, version 0.0.4, and refuses what it does not allow (prometheus.io/docs/instrumenting/exposition_formats).</summary>
internal static class PrometheusText
{
    /// <exception cref="FormatException">A line is malformed; the message has its number.</exception>
    public static IReadOnlyList<PrometheusSample> Parse(string text)
    {
        var samples = new List<PrometheusSample>();
        var number = 0;
        foreach (var line in text.Split('\n').Select(line => line.Trim(' ', '\t', '\r')))
        {
            number++;
            if (line.Length == 0 || line[0] == '#')
                continue;
            try
            {
                samples.Add(new LineReader(line).ReadSample());
            }
            catch (FormatException error)
            {
                throw new FormatException($"line {number} of the metrics, '{line}': {error.Message}", error);
            }
        }

        return samples;
    }

    private sealed class LineReader(string line)
    {
        private int at;

        private char Current => at < line.Length ? line[at] : '\0';

        private char Next
        {
            get
            {
                SkipBlanks();
                return Current;
            }
        }

        public PrometheusSample ReadSample()
        {
            var name = ReadName(allowColon: true);
            var labels = Next == '{' ? ReadLabels() : [];
            var rest = line[at..].Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            if (rest.Length is not (1 or 2) || rest.Length == 2 && !long.TryParse(rest[1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _))
                throw new FormatException("a value and at most a timestamp belong here.");
            return new(name, labels, ReadValue(rest[0]));
        }

        private Dictionary<string, string> ReadLabels()
        {
            var labels = new Dictionary<string, string>();
            Expect('{');
            while (Next != '}')
            {
                var name = ReadName(allowColon: false);
                Expect('=');
                if (!labels.TryAdd(name, ReadQuoted()))
                    throw new FormatException($"label {name} is there twice.");
                if (Next != '}')
                    Expect(',');
            }

            Expect('}');
            return labels;
        }

        private string ReadName(bool allowColon)
        {
            SkipBlanks();
            var start = at;
            while (char.IsAsciiLetter(Current) || Current == '_' || allowColon && Current == ':' || at > start && char.IsAsciiDigit(Current))
                at++;
            return at > start ? line[start..at] : throw new FormatException($"a name belongs at column {at + 1}.");
        }

        private string ReadQuoted()
        {
            Expect('"');
            var value = new StringBuilder();
            for (; Current is not ('"' or '\0'); at++)
                value.Append(Current == '\\' ? Unescape(++at) : Current);
            Expect('"');
            return value.ToString();
        }

        private char Unescape(int escaped) => escaped < line.Length && line[escaped] is 'n' or '\\' or '"'
            ? line[escaped] == 'n' ? '\n' : line[escaped]
            : throw new FormatException($"column {escaped + 1} is no escape that the format knows.");

        private void Expect(char wanted)
        {
            if (Next != wanted)
                throw new FormatException($"'{wanted}' belongs at column {at + 1}.");
            at++;
        }

        private void SkipBlanks()
        {
            while (Current is ' ' or '\t')
                at++;
        }
    }

    private static double ReadValue(string text) => text switch
    {
        "+Inf" or "Inf" => double.PositiveInfinity,
        "-Inf" => double.NegativeInfinity,
        "NaN" => double.NaN,
        _ => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : throw new FormatException($"'{text}' is not a number."),
    };
}
