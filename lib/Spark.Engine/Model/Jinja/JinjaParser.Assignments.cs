namespace Spark.Engine;

internal sealed partial class JinjaParser
{
    JinjaStatement Set()
    {
        var line = tokens.Current.Line;
        var names = Names();
        var attribute = names.Count == 1 && tokens.TryTakeOperator(".") ? tokens.Take(JinjaTokenKind.Name, "an attribute's name").Text : null;
        JinjaExpression value;
        if (tokens.TryTakeOperator("="))
        {
            value = expressions.ParseTuple();
            EndTag();
        }
        else
        {
            EndTag();
            value = Captured(ParseUntil("endset"));
            tokens.Take();
            EndTag();
        }
        return (scope, output) =>
        {
            var result = value(scope);
            if (attribute is null)
                Assigned(scope, names, result, line);
            else if (scope[names[0]] is JinjaNamespace space)
                space.Values[attribute] = result;
            else
                throw new JinjaException($"'{names[0]}' is no namespace, and {names[0]}.{attribute} cannot be set", line);
            return JinjaFlow.Next;
        };
    }

    List<string> Names()
    {
        List<string> names = [tokens.Take(JinjaTokenKind.Name, "a name").Text];
        while (tokens.TryTakeOperator(","))
            names.Add(tokens.Take(JinjaTokenKind.Name, "a name").Text);
        return names;
    }

    static JinjaScope Assigned(JinjaScope scope, List<string> names, object? value, int line)
    {
        if (names.Count == 1)
            scope[names[0]] = value;
        else if (JinjaValue.Items(value) is var parts && parts.Count == names.Count)
            for (var i = 0; i < names.Count; i++)
                scope[names[i]] = parts[i];
        else
            throw new JinjaException($"{parts.Count} values cannot be taken apart into {string.Join(", ", names)}", line);
        return scope;
    }
}
