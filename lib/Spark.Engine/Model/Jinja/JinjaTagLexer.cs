using System.Globalization;
using System.Text;

namespace Spark.Engine;

/// <summary>Reads what stands within a tag: names, numbers, strings and operators.</summary>
internal static class JinjaTagLexer
{
    // Longer ones first, for "**" is not two "*".
    static readonly string[] Operators = ["**", "//", "==", "!=", "<=", ">=", "+", "-", "*", "/", "%", "~", "<", ">", "=", "(", ")", "[", "]", "{", "}", ".", ",", ":", "|"];

    public static JinjaToken Next(JinjaSource source)
    {
        var line = source.Line;
        if (source.Current is '\'' or '"')
            return new(JinjaTokenKind.String, Quoted(source), line);
        if (char.IsAsciiDigit(source.Current))
            return Number(source);
        if (char.IsLetter(source.Current) || source.Current == '_')
            return new(JinjaTokenKind.Name, source.TakeWhile(c => char.IsLetterOrDigit(c) || c == '_'), line);
        return Operators.FirstOrDefault(o => source.Follows(o)) is { } found
            ? new(JinjaTokenKind.Operator, source.Take(found.Length), line)
            : throw source.Error($"'{source.Current}' is unexpected");
    }

    static JinjaToken Number(JinjaSource source)
    {
        var line = source.Line;
        var digits = source.TakeWhile(c => char.IsAsciiDigit(c) || c == '_').Replace("_", "");
        return source.Current == '.' && char.IsAsciiDigit(source[1])
            ? new(JinjaTokenKind.Float, digits + source.Take(1) + source.TakeWhile(char.IsAsciiDigit), line)
            : new(JinjaTokenKind.Integer, digits, line);
    }

    static string Quoted(JinjaSource source)
    {
        var line = source.Line;
        var quote = source.Take(1)[0];
        var text = new StringBuilder();
        while (source.Current != quote)
        {
            if (source.AtEnd)
                throw new JinjaException("a string is not closed", line);
            text.Append(source.Current == '\\' ? Escaped(source) : source.Take(1));
        }
        source.Take(1);
        return text.ToString();
    }

    static string Escaped(JinjaSource source)
    {
        source.Take(1);
        if (source.AtEnd)
            throw source.Error("a string is not closed");
        var c = source.Take(1)[0];
        return c switch
        {
            'n' => "\n",
            't' => "\t",
            'r' => "\r",
            '\n' => "",
            '\\' or '\'' or '"' => c.ToString(),
            'x' => Coded(source, 2),
            'u' => Coded(source, 4),
            _ => $"\\{c}",
        };
    }

    static string Coded(JinjaSource source, int digits)
    {
        var code = source.TakeWhile(char.IsAsciiHexDigit);
        return code.Length >= digits
            ? (char)ushort.Parse(code.AsSpan(0, digits), NumberStyles.HexNumber, CultureInfo.InvariantCulture) + code[digits..]
            : throw source.Error($"'{code}' is no {digits}-digit character code");
    }
}
