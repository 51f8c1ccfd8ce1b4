using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace Spark.Kernel;

/// <summary>The TeX that notebooks use for formulas as MathML, which browsers draw without a library; unknown commands stay readable as text.</summary>
internal sealed partial class MathMl
{
    readonly string tex;
    int position;

    MathMl(string tex) => this.tex = tex;

    bool AtEnd => position >= tex.Length;

    /// <summary>A <c>math</c> element; <paramref name="display"/> is <c>inline</c> or <c>block</c>.</summary>
    public static string Render(string tex, string display) =>
        tex.Contains(@"\begin", StringComparison.Ordinal)
            ? $"<pre class=\"tex\">{WebUtility.HtmlEncode(tex.Trim())}</pre>"
            : $"<math display=\"{display}\">{new MathMl(tex).Row('\0')}</math>";

    string Row(char end)
    {
        var row = new StringBuilder("<mrow>");
        for (SkipSpace(); !AtEnd && tex[position] != end; SkipSpace())
            row.Append(Scripted());
        position++;
        return row.Append("</mrow>").ToString();
    }

    string Scripted()
    {
        var atom = Atom();
        string? lower = null, upper = null;
        for (SkipSpace(); !AtEnd && tex[position] is '_' or '^'; SkipSpace())
            if (tex[position++] == '_')
                lower = Argument();
            else
                upper = Argument();
        return (lower, upper) switch
        {
            (null, null) => atom,
            (_, null) => $"<msub>{atom}{lower}</msub>",
            (null, _) => $"<msup>{atom}{upper}</msup>",
            _ => $"<msubsup>{atom}{lower}{upper}</msubsup>",
        };
    }

    string Argument()
    {
        SkipSpace();
        if (AtEnd)
            return "<mrow></mrow>";
        // A word in braces is a name, not a product of its letters.
        if (Word().Match(tex, position) is not { Success: true } word)
            return Atom();
        position += word.Length;
        return $"<mi>{word.Groups[1].Value}</mi>";
    }

    string Atom()
    {
        var c = tex[position++];
        return c switch
        {
            '{' => Row('}'),
            '\\' => Command(),
            '-' => "<mo>−</mo>",
            >= '0' and <= '9' => Number(),
            _ when char.IsLetter(c) => $"<mi>{c}</mi>",
            _ => $"<mo>{WebUtility.HtmlEncode(c.ToString())}</mo>",
        };
    }

    string Number()
    {
        var start = position - 1;
        while (!AtEnd && (char.IsDigit(tex[position]) || (tex[position] is '.' or ',' && position + 1 < tex.Length && char.IsDigit(tex[position + 1]))))
            position++;
        return $"<mn>{tex[start..position]}</mn>";
    }

    string Command()
    {
        var start = position;
        while (!AtEnd && char.IsAsciiLetter(tex[position]))
            position++;
        if (position == start && !AtEnd)
            position++;
        var name = tex[start..position];
        return name switch
        {
            "frac" or "tfrac" or "dfrac" => $"<mfrac>{Argument()}{Argument()}</mfrac>",
            "sqrt" => $"<msqrt>{Argument()}</msqrt>",
            "text" or "mathrm" or "operatorname" or "textrm" or "mathit" or "texttt" or "mathtt" or "textbf" or "mathbf" => $"<mtext>{WebUtility.HtmlEncode(Braced())}</mtext>",
            "left" or "right" or "big" or "Big" or "displaystyle" => "",
            "," or ";" or ":" or " " or "!" => "<mspace width=\"0.2em\"></mspace>",
            "quad" or "qquad" => "<mspace width=\"1em\"></mspace>",
            "\\" => "<mspace linebreak=\"newline\"></mspace>",
            _ when MathSymbols.Letters.TryGetValue(name, out var letter) => $"<mi>{letter}</mi>",
            _ when MathSymbols.Operators.TryGetValue(name, out var symbol) => $"<mo>{WebUtility.HtmlEncode(symbol)}</mo>",
            _ => $"<mtext>\\{WebUtility.HtmlEncode(name)}</mtext>",
        };
    }

    string Braced()
    {
        SkipSpace();
        var end = AtEnd || tex[position] != '{' ? -1 : tex.IndexOf('}', position);
        if (end < 0)
            return "";
        var text = tex[(position + 1)..end].Replace("\\", "", StringComparison.Ordinal);
        position = end + 1;
        return text;
    }

    [GeneratedRegex(@"\G\{([A-Za-z]{2,})\}")]
    private static partial Regex Word();

    void SkipSpace()
    {
        while (!AtEnd && char.IsWhiteSpace(tex[position]))
            position++;
    }
}
