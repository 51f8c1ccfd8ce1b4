using System.Text.Json;

namespace Spark.Engine;

/// <summary>What is wrong with a request's body, in the words and the form of pydantic that vLLM passes on: a Python list of dicts.</summary>
internal sealed class FieldProblems
{
    const int MostShown = 1000;

    readonly List<Problem> problems = [];

    public int Count => problems.Count;

    /// <summary>What a validator of the whole body says.</summary>
    public static FieldProblems ValueError(JsonElement body, string message)
    {
        var problems = new FieldProblems();
        problems.Refuse("value_error", $"Value error, {message}", body, $"{{'error': ValueError({PythonText.Repr(message)})}}");
        return problems;
    }

    /// <returns>False, which is what the rule that refuses returns.</returns>
    public bool Refuse(string type, string message, JsonElement? input, string? context = null)
    {
        problems.Add(new([], type, message, input, context));
        return false;
    }

    /// <summary>Takes over what another reading found, as one kind of value that was tried.</summary>
    public void Add(FieldProblems others, object kind)
    {
        others.Within(kind);
        problems.AddRange(others.problems);
    }

    /// <summary>Says of the problems from an index on that they stand within a field, an element of a list or one kind of value.</summary>
    public void Within(object segment, int from = 0)
    {
        foreach (var problem in problems.Skip(from))
            problem.Path.Insert(0, segment);
    }

    public override string ToString() => $"[{string.Join(", ", problems.Select(Describe))}]";

    static string Describe(Problem problem)
    {
        var path = problem.Path.Prepend("body").Select(PythonText.Repr).ToList();
        var location = path.Count == 1 ? $"({path[0]},)" : $"({string.Join(", ", path)})";
        var context = problem.Context is null ? "" : $", 'ctx': {problem.Context}";
        return $"{{'type': '{problem.Type}', 'loc': {location}, 'msg': {PythonText.Repr(problem.Message)}, 'input': {Shown(problem.Input)}{context}}}";
    }

    // A number's own text, for there are integers beyond 64 bits; and not all of a long prompt.
    static string Shown(JsonElement? input)
    {
        var text = input is { ValueKind: JsonValueKind.Number } number && number.GetRawText() is var raw && !raw.AsSpan().ContainsAny('.', 'e', 'E')
            ? raw
            : PythonText.Repr(input is { } value ? JinjaValue.FromJson(value) : null);
        return text.Length > MostShown ? $"{text[..MostShown]}…" : text;
    }

    sealed record Problem(List<object?> Path, string Type, string Message, JsonElement? Input, string? Context);
}
