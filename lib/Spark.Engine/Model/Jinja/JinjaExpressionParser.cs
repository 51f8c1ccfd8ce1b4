using System.Globalization;

namespace Spark.Engine;

/// <summary>An expression, ready to be evaluated where it stands.</summary>
internal delegate object? JinjaExpression(JinjaScope scope);

/// <summary>Parses expressions by Jinja's precedence, from the loosest binding down to names and literals.</summary>
internal sealed class JinjaExpressionParser(JinjaTokenStream tokens)
{
    static readonly string[][] BinaryOperators = [["+", "-"], ["~"], ["*", "/", "//", "%"], ["**"]];

    /// <summary>One expression, or several with commas between as a list.</summary>
    public JinjaExpression ParseTuple()
    {
        var first = Parse();
        if (!tokens.IsOperator(","))
            return first;
        List<JinjaExpression> items = [first];
        while (tokens.TryTakeOperator(",") && !tokens.IsOperator(")") && tokens.Current.Kind is not (JinjaTokenKind.BlockEnd or JinjaTokenKind.PrintEnd))
            items.Add(Parse());
        return scope => items.ConvertAll(i => i(scope));
    }

    public JinjaExpression Parse()
    {
        var value = ParseOr();
        while (tokens.TryTakeName("if"))
        {
            var (then, condition) = (value, ParseOr());
            JinjaExpression otherwise = tokens.TryTakeName("else") ? Parse() : _ => new JinjaUndefined("if without else");
            value = scope => JinjaValue.IsTrue(condition(scope)) ? then(scope) : otherwise(scope);
        }
        return value;
    }

    public JinjaExpression ParseOr()
    {
        var left = ParseAnd();
        while (tokens.TryTakeName("or"))
        {
            var (a, b) = (left, ParseAnd());
            left = scope => a(scope) is var value && JinjaValue.IsTrue(value) ? value : b(scope);
        }
        return left;
    }

    JinjaExpression ParseAnd()
    {
        var left = ParseNot();
        while (tokens.TryTakeName("and"))
        {
            var (a, b) = (left, ParseNot());
            left = scope => a(scope) is var value && JinjaValue.IsTrue(value) ? b(scope) : value;
        }
        return left;
    }

    JinjaExpression ParseNot()
    {
        if (!tokens.TryTakeName("not"))
            return ParseComparison();
        var value = ParseNot();
        return scope => !JinjaValue.IsTrue(value(scope));
    }

    JinjaExpression ParseComparison()
    {
        var first = ParseBinary(0);
        List<(Func<object?, object?, bool> Holds, JinjaExpression Right)> links = [];
        while (Comparison() is { } holds)
            links.Add((holds, ParseBinary(0)));
        if (links.Count == 0)
            return first;
        return Located(scope =>
        {
            var left = first(scope);
            foreach (var (holds, expression) in links)
            {
                var right = expression(scope);
                if (!holds(left, right))
                    return false;
                left = right;
            }
            return true;
        });
    }

    Func<object?, object?, bool>? Comparison()
    {
        if (tokens.IsName("not") && tokens.Ahead is { Kind: JinjaTokenKind.Name, Text: "in" })
        {
            tokens.Take();
            tokens.Take();
            return (a, b) => !JinjaValue.Contains(b, a);
        }
        if (tokens.TryTakeName("in"))
            return (a, b) => JinjaValue.Contains(b, a);
        Func<object?, object?, bool>? holds = tokens.Current is not { Kind: JinjaTokenKind.Operator, Text: var op } ? null : op switch
        {
            "==" => JinjaValue.AreEqual,
            "!=" => (a, b) => !JinjaValue.AreEqual(a, b),
            "<" => (a, b) => JinjaValue.Compare(a, b) < 0,
            "<=" => (a, b) => JinjaValue.Compare(a, b) <= 0,
            ">" => (a, b) => JinjaValue.Compare(a, b) > 0,
            ">=" => (a, b) => JinjaValue.Compare(a, b) >= 0,
            _ => null,
        };
        if (holds is not null)
            tokens.Take();
        return holds;
    }

    JinjaExpression ParseBinary(int level)
    {
        if (level == BinaryOperators.Length)
            return ParseUnary();
        var left = ParseBinary(level + 1);
        while (tokens.Current.Kind == JinjaTokenKind.Operator && BinaryOperators[level].Contains(tokens.Current.Text))
        {
            var (op, a) = (tokens.Take().Text, left);
            var b = ParseBinary(level + 1);
            left = Located(scope => JinjaArithmetic.Apply(op, a(scope), b(scope)));
        }
        return left;
    }

    JinjaExpression ParseUnary()
    {
        if (tokens.TryTakeOperator("-"))
        {
            var value = ParseUnary();
            return Located(scope => JinjaArithmetic.Apply("-", 0L, value(scope)));
        }
        return tokens.TryTakeOperator("+") ? ParseUnary() : new JinjaPostfixParser(tokens, this).ParseFiltered();
    }

    public JinjaExpression ParsePrimary()
    {
        var token = tokens.Take();
        switch (token.Kind)
        {
            case JinjaTokenKind.Name:
                return token.Text switch
                {
                    "true" or "True" => _ => true,
                    "false" or "False" => _ => false,
                    "none" or "None" => _ => null,
                    var name => scope => scope[name],
                };
            case JinjaTokenKind.String:
                var text = token.Text;
                while (tokens.Current.Kind == JinjaTokenKind.String)
                    text += tokens.Take().Text;
                return _ => text;
            case JinjaTokenKind.Integer:
                var integer = long.Parse(token.Text, CultureInfo.InvariantCulture);
                return _ => integer;
            case JinjaTokenKind.Float:
                var number = double.Parse(token.Text, CultureInfo.InvariantCulture);
                return _ => number;
            case JinjaTokenKind.Operator when token.Text is "(" or "[" or "{":
                return new JinjaLiteralParser(tokens, this).Parse(token.Text);
            default:
                throw new JinjaException($"{token} stands where a value is expected", token.Line);
        }
    }

    /// <summary>Adds the line of the latest token to what goes wrong when the expression is evaluated.</summary>
    public JinjaExpression Located(JinjaExpression expression)
    {
        var line = tokens.Current.Line;
        return scope =>
        {
            try
            {
                return expression(scope);
            }
            catch (JinjaException e) when (!e.HasLine)
            {
                throw new JinjaException(e.Message, line);
            }
        };
    }
}
