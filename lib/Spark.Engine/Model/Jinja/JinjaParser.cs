using System.Text;

namespace Spark.Engine;

/// <summary>How a statement left its block.</summary>
internal enum JinjaFlow
{
    Next,
    Break,
    Continue,
}

/// <summary>A piece of template, ready to write what it stands for.</summary>
internal delegate JinjaFlow JinjaStatement(JinjaScope scope, StringBuilder output);

/// <summary>Parses a template's text and tags.</summary>
internal sealed partial class JinjaParser(JinjaTokenStream tokens)
{
    readonly JinjaExpressionParser expressions = new(tokens);

    public JinjaStatement ParseTemplate()
    {
        var template = ParseUntil();
        return tokens.Current.Kind == JinjaTokenKind.End ? template : throw tokens.Unexpected("text or a tag");
    }

    /// <summary>Everything up to a block tag of one of these names, of which <c>{%</c> and the name are taken too.</summary>
    JinjaStatement ParseUntil(params string[] names)
    {
        List<JinjaStatement> statements = [];
        while (tokens.Current.Kind != JinjaTokenKind.End)
        {
            var token = tokens.Take();
            if (token.Kind == JinjaTokenKind.Text)
                statements.Add(Text(token.Text));
            else if (token.Kind == JinjaTokenKind.PrintBegin)
                statements.Add(Print());
            else if (names.Contains(tokens.Current.Text))
                return Sequence(statements);
            else
                statements.Add(Tag());
        }
        return names.Length == 0 ? Sequence(statements) : throw tokens.Unexpected($"'{names[^1]}'");
    }

    static JinjaStatement Sequence(List<JinjaStatement> statements) => (scope, output) =>
    {
        foreach (var statement in statements)
            if (statement(scope, output) is not JinjaFlow.Next and var flow)
                return flow;
        return JinjaFlow.Next;
    };

    static JinjaStatement Text(string text) => (_, output) =>
    {
        output.Append(text);
        return JinjaFlow.Next;
    };

    JinjaStatement Print()
    {
        var value = expressions.ParseTuple();
        tokens.Take(JinjaTokenKind.PrintEnd, "'}}'");
        return (scope, output) =>
        {
            output.Append(PythonText.Str(value(scope)));
            return JinjaFlow.Next;
        };
    }

    JinjaStatement Tag()
    {
        var name = tokens.Take(JinjaTokenKind.Name, "a tag's name");
        return name.Text switch
        {
            "if" => If(),
            "for" => For(),
            "set" => Set(),
            "macro" => Macro(),
            "generation" => Generation(),
            "break" => Leave(JinjaFlow.Break),
            "continue" => Leave(JinjaFlow.Continue),
            _ => throw new JinjaException($"there is no tag '{name.Text}' here", name.Line),
        };
    }

    JinjaStatement If()
    {
        var condition = expressions.ParseTuple();
        EndTag();
        var then = ParseUntil("elif", "else", "endif");
        JinjaStatement otherwise = Sequence([]);
        switch (tokens.Take().Text)
        {
            case "elif":
                otherwise = If();
                break;
            case "else":
                EndTag();
                otherwise = ParseUntil("endif");
                tokens.Take();
                EndTag();
                break;
            default:
                EndTag();
                break;
        }
        return (scope, output) => JinjaValue.IsTrue(condition(scope)) ? then(scope, output) : otherwise(scope, output);
    }

    JinjaStatement Generation()
    {
        EndTag();
        var body = ParseUntil("endgeneration");
        tokens.Take();
        EndTag();
        return body;
    }

    JinjaStatement Leave(JinjaFlow flow)
    {
        EndTag();
        return (_, _) => flow;
    }

    static JinjaExpression Captured(JinjaStatement body) => scope =>
    {
        var output = new StringBuilder();
        body(scope, output);
        return output.ToString();
    };

    void EndTag() => tokens.Take(JinjaTokenKind.BlockEnd, "'%}'");
}
