namespace Spark.Engine;

/// <summary>A template's text and how far it has been read.</summary>
internal sealed class JinjaSource(string template)
{
    readonly string text = Normalize(template);

    public int At { get; private set; }
    public int Line { get; private set; } = 1;

    public bool AtEnd => At >= text.Length;
    public char Current => At < text.Length ? text[At] : '\0';

    public char this[int ahead] => At + ahead >= 0 && At + ahead < text.Length ? text[At + ahead] : '\0';

    public bool Follows(string expected, int ahead = 0) => string.CompareOrdinal(text, At + ahead, expected, 0, expected.Length) == 0;

    /// <summary>How far off the next occurrence is; negative if there is none.</summary>
    public int Distance(string expected, int ahead = 0) => At + ahead > text.Length ? -1 : text.IndexOf(expected, At + ahead, StringComparison.Ordinal) - At;

    /// <summary>How far off the next tag of any kind, or the end, is.</summary>
    public int DistanceToTag()
    {
        for (var i = text.IndexOf('{', At); i >= 0 && i + 1 < text.Length; i = text.IndexOf('{', i + 1))
            if (text[i + 1] is '{' or '%' or '#')
                return i - At;
        return text.Length - At;
    }

    public string Take(int length)
    {
        var taken = text.Substring(At, length);
        Line += taken.Count(c => c == '\n');
        At += length;
        return taken;
    }

    public string TakeWhile(Func<char, bool> wanted)
    {
        var length = 0;
        while (At + length < text.Length && wanted(text[At + length]))
            length++;
        return Take(length);
    }

    public JinjaException Error(string message) => new(message, Line);

    static string Normalize(string template)
    {
        template = template.Replace("\r\n", "\n");
        return template.EndsWith('\n') ? template[..^1] : template;
    }
}
