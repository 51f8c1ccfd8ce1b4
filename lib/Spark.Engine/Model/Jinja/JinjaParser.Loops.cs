using System.Text.RegularExpressions;

namespace Spark.Engine;

internal sealed partial class JinjaParser
{
    /// <summary>Whether a loop runs over a message's content, which then must be a list of parts and no string.</summary>
    public bool LoopsOverContent { get; private set; }

    JinjaStatement For()
    {
        var line = tokens.Current.Line;
        var targets = Names();
        if (!tokens.TryTakeName("in"))
            throw tokens.Unexpected("'in'");
        var from = tokens.Position;
        var values = expressions.Located(expressions.ParseOr());
        LoopsOverContent |= MessageContent().IsMatch(tokens.TextSince(from));
        var condition = tokens.TryTakeName("if") ? expressions.Parse() : null;
        EndTag();
        var body = ParseUntil("else", "endfor");
        JinjaStatement empty = Sequence([]);
        if (tokens.Take().Text == "else")
        {
            EndTag();
            empty = ParseUntil("endfor");
            tokens.Take();
        }
        EndTag();
        var items = expressions.Located(scope => JinjaValue.Items(values(scope)).Where(item => condition is null || JinjaValue.IsTrue(condition(Assigned(new(scope), targets, item, line)))).ToList());
        return (scope, output) =>
        {
            var list = (List<object?>)items(scope)!;
            if (list.Count == 0)
                return empty(scope, output);
            var loop = new JinjaLoop(list);
            for (; loop.Index < list.Count; loop.Index++)
            {
                var inner = Assigned(new(scope) { ["loop"] = loop }, targets, list[loop.Index], line);
                if (body(inner, output) == JinjaFlow.Break)
                    break;
            }
            return JinjaFlow.Next;
        };
    }

    [GeneratedRegex(@"^\w+(\.content|\[content\])$")]
    private static partial Regex MessageContent();
}
