namespace Spark.Engine;

/// <summary>A template's tokens as its parsers take them.</summary>
internal sealed class JinjaTokenStream(List<JinjaToken> tokens)
{
    int at;

    public JinjaToken Current => tokens[at];
    public JinjaToken Ahead => tokens[Math.Min(at + 1, tokens.Count - 1)];

    public int Position => at;

    /// <summary>The tokens taken since a position, put together.</summary>
    public string TextSince(int position) => string.Concat(tokens[position..at].Select(t => t.Text));

    public JinjaToken Take() => at < tokens.Count - 1 ? tokens[at++] : tokens[at];

    public JinjaToken Take(JinjaTokenKind kind, string what) => Current.Kind == kind ? Take() : throw Unexpected(what);

    public bool IsOperator(string op) => Current.Kind == JinjaTokenKind.Operator && Current.Text == op;

    public bool IsName(string name) => Current.Kind == JinjaTokenKind.Name && Current.Text == name;

    public bool TryTakeOperator(string op) => Taken(IsOperator(op));

    public bool TryTakeName(string name) => Taken(IsName(name));

    public void TakeOperator(string op)
    {
        if (!TryTakeOperator(op))
            throw Unexpected($"'{op}'");
    }

    public JinjaException Unexpected(string expected) => new($"{Current} stands where {expected} is expected", Current.Line);

    bool Taken(bool isWanted)
    {
        if (isWanted)
            at++;
        return isWanted;
    }
}
