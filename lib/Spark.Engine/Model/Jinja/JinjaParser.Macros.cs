namespace Spark.Engine;

internal sealed partial class JinjaParser
{
    JinjaStatement Macro()
    {
        var name = tokens.Take(JinjaTokenKind.Name, "the macro's name").Text;
        List<(string Name, JinjaExpression? Default)> parameters = [];
        tokens.TakeOperator("(");
        while (!tokens.TryTakeOperator(")"))
        {
            if (parameters.Count > 0)
                tokens.TakeOperator(",");
            var parameter = tokens.Take(JinjaTokenKind.Name, "a parameter's name").Text;
            parameters.Add((parameter, tokens.TryTakeOperator("=") ? expressions.Parse() : null));
        }
        EndTag();
        var body = Captured(ParseUntil("endmacro"));
        tokens.Take();
        EndTag();
        return (scope, _) =>
        {
            scope[name] = (JinjaCallable)(args => body(Bound(scope, parameters, args)));
            return JinjaFlow.Next;
        };
    }

    static JinjaScope Bound(JinjaScope outer, List<(string Name, JinjaExpression? Default)> parameters, JinjaArguments args)
    {
        var scope = new JinjaScope(outer);
        for (var i = 0; i < parameters.Count; i++)
        {
            var (name, otherwise) = parameters[i];
            var missing = i >= args.Positional.Count && !args.Named.ContainsKey(name);
            scope[name] = !missing ? args.Get(i, name) : otherwise is null ? new JinjaUndefined(name) : otherwise(scope);
        }
        return scope;
    }
}
