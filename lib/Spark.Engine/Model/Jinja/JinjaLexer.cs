namespace Spark.Engine;

/// <summary>Cuts a template into tokens, with the white space control that Hugging Face sets: trim_blocks, lstrip_blocks, and the last newline dropped.</summary>
internal sealed class JinjaLexer(string template)
{
    readonly JinjaSource source = new(template);
    readonly List<JinjaToken> tokens = [];

    // Whether the text that follows begins a line.
    bool atLineStart = true;

    public static List<JinjaToken> Read(string template) => new JinjaLexer(template).Read();

    List<JinjaToken> Read()
    {
        while (true)
        {
            var line = source.Line;
            var text = source.Take(source.DistanceToTag());
            if (source.AtEnd)
            {
                AddText(text, line);
                tokens.Add(new(JinjaTokenKind.End, "", source.Line));
                return tokens;
            }
            var kind = source[1];
            AddText(BeforeTag(text, source[2], stripsIndent: kind != '{'), line);
            source.Take(source[2] is '-' or '+' ? 3 : 2);
            if (kind == '#')
                Comment();
            else if (kind == '{')
                Tag(JinjaTokenKind.PrintBegin, JinjaTokenKind.PrintEnd, "}}");
            else if (TakeWord("raw"))
                Raw();
            else
                Tag(JinjaTokenKind.BlockBegin, JinjaTokenKind.BlockEnd, "%}");
        }
    }

    void AddText(string text, int line)
    {
        if (text.Length > 0)
            tokens.Add(new(JinjaTokenKind.Text, text, line));
    }

    string BeforeTag(string text, char control, bool stripsIndent)
    {
        if (control == '-')
            return text.TrimEnd();
        var lineStart = text.LastIndexOf('\n') + 1;
        return stripsIndent && control != '+' && (lineStart > 0 || atLineStart) && string.IsNullOrWhiteSpace(text[lineStart..]) ? text[..lineStart] : text;
    }

    /// <summary>Reads the end of a tag and the white space that it drops.</summary>
    void CloseTag(string close, bool trimsNewline)
    {
        var control = source.Current is '-' or '+' ? source.Take(1)[0] : ' ';
        source.Take(close.Length);
        var dropped = control == '-' ? source.TakeWhile(char.IsWhiteSpace) : trimsNewline && control != '+' && source.Current == '\n' ? source.Take(1) : "";
        atLineStart = dropped.EndsWith('\n');
    }

    void Comment()
    {
        var length = source.Distance("#}");
        if (length < 0)
            throw source.Error("the comment is not closed with #}");
        source.Take(source[length - 1] is '-' or '+' && length > 0 ? length - 1 : length);
        CloseTag("#}", trimsNewline: true);
    }

    void Raw()
    {
        var line = source.Line;
        var text = "";
        while (source.Distance("{%") is >= 0 and var length)
        {
            text += source.Take(length);
            var control = source[2];
            var open = source.Take(control is '-' or '+' ? 3 : 2);
            if (TakeWord("endraw"))
            {
                AddText(BeforeTag(text, control, stripsIndent: true), line);
                return;
            }
            text += open;
        }
        throw new JinjaException("'raw' is not closed with endraw", line);
    }

    /// <summary>Reads the rest of a block tag that holds this one word and nothing else.</summary>
    bool TakeWord(string word)
    {
        var from = 0;
        while (char.IsWhiteSpace(source[from]))
            from++;
        var to = from + word.Length;
        if (!source.Follows(word, from))
            return false;
        while (char.IsWhiteSpace(source[to]))
            to++;
        if (!source.Follows("%}", source[to] is '-' or '+' ? to + 1 : to))
            return false;
        source.Take(to);
        CloseTag("%}", trimsNewline: true);
        return true;
    }

    void Tag(JinjaTokenKind begin, JinjaTokenKind end, string close)
    {
        tokens.Add(new(begin, close == "}}" ? "{{" : "{%", source.Line));
        for (var depth = 0; ;)
        {
            source.TakeWhile(char.IsWhiteSpace);
            if (depth == 0 && source.Follows(close, source.Current is '-' or '+' ? 1 : 0))
            {
                tokens.Add(new(end, close, source.Line));
                CloseTag(close, trimsNewline: end == JinjaTokenKind.BlockEnd);
                return;
            }
            if (source.AtEnd)
                throw source.Error($"the tag is not closed with {close}");
            var token = JinjaTagLexer.Next(source);
            tokens.Add(token);
            if (token.Kind == JinjaTokenKind.Operator)
                depth += token.Text is "(" or "[" or "{" ? 1 : token.Text is ")" or "]" or "}" ? -1 : 0;
        }
    }
}
