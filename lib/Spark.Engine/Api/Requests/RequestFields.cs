using System.Text.Json;

namespace Spark.Engine;

/// <summary>A request's JSON object, read field by field; what is wrong is gathered, so that one answer tells it all.</summary>
internal sealed class RequestFields
{
    readonly JsonElement body;
    readonly FieldProblems problems;
    readonly string? within;

    /// <exception cref="ApiException">The body is no object.</exception>
    public RequestFields(JsonElement body) : this(body, new(), null) => ThrowIfAnyProblem();

    RequestFields(JsonElement body, FieldProblems problems, string? within)
    {
        (this.body, this.problems, this.within) = (body, problems, within);
        if (body.ValueKind != JsonValueKind.Object)
            At(null, () => problems.Refuse("model_attributes_type", "Input should be a valid dictionary or object to extract fields from", body));
    }

    public JsonElement Body => body;

    /// <summary>The value as it stands; null where there is none, or null itself.</summary>
    public JsonElement? Raw(string name) =>
        body.ValueKind == JsonValueKind.Object && body.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    /// <summary>Whether the field is there, be it null.</summary>
    public bool Has(string name) => body.ValueKind == JsonValueKind.Object && body.TryGetProperty(name, out _);

    /// <summary>Whether Python would take the value for true.</summary>
    public bool IsTruthy(string name) => Raw(name) is { } value && JinjaValue.IsTrue(JinjaValue.FromJson(value));

    /// <summary>A field that may be absent, and may not be null.</summary>
    public T Get<T>(string name, FieldRule<T> rule, T whenAbsent) =>
        body.ValueKind == JsonValueKind.Object && body.TryGetProperty(name, out var value) && Read(name, value, rule, out var result) ? result : whenAbsent;

    /// <summary>A field that may be absent or null.</summary>
    public T? Maybe<T>(string name, FieldRule<T> rule) where T : struct =>
        Raw(name) is { } value && Read(name, value, rule, out var result) ? result : null;

    public string? MaybeText(string name) => Raw(name) is { } value && Read<string>(name, value, FieldRules.String, out var text) ? text : null;

    /// <summary>A list that may be absent or null, and is empty then.</summary>
    public List<T> List<T>(string name, FieldRule<List<T>> rule) => Raw(name) is { } value && Read(name, value, rule, out var items) ? items : [];

    /// <summary>A field that must be there.</summary>
    public T Required<T>(string name, FieldRule<T> rule, T otherwise)
    {
        if (body.TryGetProperty(name, out _))
            return Get(name, rule, otherwise);
        At(name, () => problems.Refuse("missing", "Field required", body));
        return otherwise;
    }

    /// <summary>An object within this one.</summary>
    public RequestFields? Section(string name) => Raw(name) is { } value ? new(value, problems, name) : null;

    /// <exception cref="ApiException">Something was wrong with a field.</exception>
    public void ThrowIfAnyProblem()
    {
        if (problems.Count > 0)
            throw ApiException.Invalid(problems);
    }

    /// <exception cref="ApiException">Always: the body as a whole is not valid.</exception>
    public void Refuse(string message) => throw ApiException.Invalid(FieldProblems.ValueError(body, message));

    bool Read<T>(string name, JsonElement value, FieldRule<T> rule, out T result)
    {
        var read = default(T)!;
        var good = At(name, () => rule(value, problems, out read));
        result = read;
        return good;
    }

    bool At(string? name, Func<bool> read)
    {
        var before = problems.Count;
        var good = read();
        if (name is not null)
            problems.Within(name, before);
        if (within is not null)
            problems.Within(within, before);
        return good;
    }
}
