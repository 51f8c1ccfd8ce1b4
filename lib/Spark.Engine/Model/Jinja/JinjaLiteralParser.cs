namespace Spark.Engine;

/// <summary>Parses what stands in brackets: a list, a dict, or an expression put in parentheses.</summary>
internal sealed class JinjaLiteralParser(JinjaTokenStream tokens, JinjaExpressionParser expressions)
{
    public JinjaExpression Parse(string open) => open switch
    {
        "(" => Parenthesized(),
        "[" => List(),
        _ => Map(),
    };

    JinjaExpression Parenthesized()
    {
        if (tokens.TryTakeOperator(")"))
            return _ => new List<object?>();
        var inner = expressions.ParseTuple();
        tokens.TakeOperator(")");
        return inner;
    }

    JinjaExpression List()
    {
        List<JinjaExpression> items = [];
        while (!tokens.TryTakeOperator("]"))
        {
            if (items.Count > 0)
                tokens.TakeOperator(",");
            if (!tokens.IsOperator("]"))
                items.Add(expressions.Parse());
        }
        return scope => items.ConvertAll(i => i(scope));
    }

    JinjaExpression Map()
    {
        List<(JinjaExpression Key, JinjaExpression Value)> members = [];
        while (!tokens.TryTakeOperator("}"))
        {
            if (members.Count > 0)
                tokens.TakeOperator(",");
            if (tokens.IsOperator("}"))
                continue;
            var key = expressions.Parse();
            tokens.TakeOperator(":");
            members.Add((key, expressions.Parse()));
        }
        return expressions.Located(scope => JinjaValue.Map(members.Select(m => KeyValuePair.Create(
            m.Key(scope) as string ?? throw new JinjaException("a dict's keys must be strings here"), m.Value(scope)))));
    }
}
