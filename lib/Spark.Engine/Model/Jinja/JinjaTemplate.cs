using System.Text;

namespace Spark.Engine;

/// <summary>A chat template in the part of Jinja that such templates use; what it does not know is an error that names the construct and its line.</summary>
public sealed class JinjaTemplate
{
    readonly JinjaStatement body;

    JinjaTemplate(JinjaStatement body) => this.body = body;

    /// <summary>Whether the template walks through the parts of a message's content, and so wants a list there.</summary>
    public required bool LoopsOverContent { get; init; }

    /// <exception cref="JinjaException">The template cannot be read.</exception>
    public static JinjaTemplate Parse(string template)
    {
        var parser = new JinjaParser(new JinjaTokenStream(JinjaLexer.Read(template)));
        var body = parser.ParseTemplate();
        return new(body) { LoopsOverContent = parser.LoopsOverContent };
    }

    /// <exception cref="JinjaException">The template raised an exception, or asks for what is not there.</exception>
    public string Render(IEnumerable<KeyValuePair<string, object?>> variables, TimeProvider clock)
    {
        var globals = new JinjaScope
        {
            ["range"] = (JinjaCallable)Range,
            ["namespace"] = (JinjaCallable)Namespace,
            ["dict"] = (JinjaCallable)(args => JinjaValue.Map(args.Named)),
            ["raise_exception"] = (JinjaCallable)(args => throw new JinjaException(PythonText.Str(args.Get(0, "message"))) { HasLine = true }),
            ["strftime_now"] = (JinjaCallable)(args => PythonTime.Format(clock.GetLocalNow(), args.RequiredText(0, "format"))),
        };
        var scope = new JinjaScope(globals);
        foreach (var (name, value) in variables)
            scope[name] = value;
        var output = new StringBuilder();
        body(scope, output);
        return output.ToString();
    }

    static List<object?> Range(JinjaArguments args)
    {
        var first = args.Integer(0, "start") ?? 0;
        var (start, stop) = args.Integer(1, "stop") is { } end ? (first, end) : (0, first);
        var step = args.Integer(2, "step") is not 0 and var given ? given ?? 1 : throw new JinjaException("a range's step cannot be zero");
        List<object?> numbers = [];
        for (var i = start; step > 0 ? i < stop : i > stop; i += step)
            numbers.Add(i);
        return numbers;
    }

    static JinjaNamespace Namespace(JinjaArguments args)
    {
        var space = new JinjaNamespace();
        foreach (var (name, value) in args.Named)
            space.Values[name] = value;
        return space;
    }
}
