namespace Spark.Engine;

/// <summary>Parses what follows a value: attributes, elements, calls, filters and tests.</summary>
internal sealed class JinjaPostfixParser(JinjaTokenStream tokens, JinjaExpressionParser expressions)
{
    public JinjaExpression ParseFiltered()
    {
        var value = ParsePostfix(expressions.ParsePrimary());
        while (true)
        {
            if (tokens.TryTakeOperator("|"))
                value = Filter(value);
            else if (tokens.TryTakeName("is"))
                value = Test(value);
            else if (tokens.IsOperator("("))
                value = Call(value);
            else
                return value;
        }
    }

    JinjaExpression ParsePostfix(JinjaExpression value)
    {
        while (true)
        {
            if (tokens.TryTakeOperator("."))
                value = Attribute(value);
            else if (tokens.TryTakeOperator("["))
                value = Subscript(value);
            else if (tokens.IsOperator("("))
                value = Call(value);
            else
                return value;
        }
    }

    JinjaExpression Attribute(JinjaExpression value)
    {
        var name = tokens.Take(JinjaTokenKind.Name, "an attribute's name").Text;
        return expressions.Located(scope => JinjaValue.Attribute(value(scope), name));
    }

    JinjaExpression Subscript(JinjaExpression value)
    {
        JinjaExpression? start = null;
        if (!tokens.IsOperator(":"))
        {
            start = expressions.Parse();
            if (tokens.TryTakeOperator("]"))
                return expressions.Located(scope => JinjaValue.Item(value(scope), start(scope)));
        }
        tokens.TakeOperator(":");
        var stop = tokens.IsOperator("]") || tokens.IsOperator(":") ? null : expressions.Parse();
        var step = tokens.TryTakeOperator(":") && !tokens.IsOperator("]") ? expressions.Parse() : null;
        tokens.TakeOperator("]");
        return expressions.Located(scope => JinjaSlice.Take(value(scope), start?.Invoke(scope), stop?.Invoke(scope), step?.Invoke(scope)));
    }

    JinjaExpression Call(JinjaExpression function)
    {
        var arguments = Arguments();
        return expressions.Located(scope => function(scope) switch
        {
            JinjaCallable callable => callable(arguments(scope)),
            var other => throw new JinjaException($"{JinjaValue.TypeName(other)} cannot be called"),
        });
    }

    JinjaExpression Filter(JinjaExpression value)
    {
        var token = tokens.Take(JinjaTokenKind.Name, "a filter's name");
        var filter = JinjaFilters.All.GetValueOrDefault(token.Text) ?? throw new JinjaException($"there is no filter '{token.Text}' here", token.Line);
        var arguments = tokens.IsOperator("(") ? Arguments() : _ => JinjaArguments.None;
        return expressions.Located(scope => filter(value(scope), arguments(scope)));
    }

    JinjaExpression Test(JinjaExpression value)
    {
        var negated = tokens.TryTakeName("not");
        var token = tokens.IsOperator("==") ? tokens.Take() : tokens.Take(JinjaTokenKind.Name, "a test's name");
        var test = JinjaTests.All.GetValueOrDefault(token.Text) ?? throw new JinjaException($"there is no test '{token.Text}' here", token.Line);
        Func<JinjaScope, JinjaArguments> arguments = _ => JinjaArguments.None;
        if (tokens.IsOperator("("))
            arguments = Arguments();
        else if (BeginsArgument())
        {
            var argument = ParsePostfix(expressions.ParsePrimary());
            arguments = scope => JinjaArguments.None with { Positional = [argument(scope)] };
        }
        return expressions.Located(scope => test(value(scope), arguments(scope)) != negated);
    }

    bool BeginsArgument() => tokens.Current switch
    {
        { Kind: JinjaTokenKind.Name, Text: "else" or "or" or "and" or "is" or "if" or "in" or "not" } => false,
        { Kind: JinjaTokenKind.Name or JinjaTokenKind.String or JinjaTokenKind.Integer or JinjaTokenKind.Float } => true,
        { Kind: JinjaTokenKind.Operator, Text: "[" or "{" } => true,
        _ => false,
    };

    public Func<JinjaScope, JinjaArguments> Arguments()
    {
        List<JinjaExpression> positional = [];
        Dictionary<string, JinjaExpression> named = [];
        tokens.TakeOperator("(");
        while (!tokens.TryTakeOperator(")"))
        {
            if (positional.Count + named.Count > 0)
                tokens.TakeOperator(",");
            if (tokens.IsOperator(")"))
                continue;
            if (tokens.Current.Kind == JinjaTokenKind.Name && tokens.Ahead is { Kind: JinjaTokenKind.Operator, Text: "=" })
            {
                var name = tokens.Take().Text;
                tokens.Take();
                named[name] = expressions.Parse();
            }
            else
                positional.Add(expressions.Parse());
        }
        return scope => new(positional.ConvertAll(p => p(scope)), named.ToDictionary(n => n.Key, n => n.Value(scope)));
    }
}
