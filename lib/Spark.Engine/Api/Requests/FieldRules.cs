using System.Globalization;
using System.Text.Json;

namespace Spark.Engine;

/// <summary>Reads one value; false, with what is wrong added to the problems, where it is not of the kind.</summary>
internal delegate bool FieldRule<T>(JsonElement value, FieldProblems problems, out T result);

/// <summary>Pydantic's lax rules: "12" and 12.0 are integers, "yes" and 1 are true.</summary>
internal static class FieldRules
{
    public static bool Int(JsonElement value, FieldProblems problems, out long result)
    {
        result = 0;
        switch (value.ValueKind)
        {
            case JsonValueKind.True or JsonValueKind.False:
                result = value.GetBoolean() ? 1 : 0;
                return true;
            case JsonValueKind.Number when value.TryGetInt64(out result):
                return true;
            case JsonValueKind.Number when !double.IsFinite(value.GetDouble()):
                return problems.Refuse("finite_number", "Input should be a finite number", value);
            case JsonValueKind.Number:
                // What has more than 64 bits is cut to them: every bound that is checked later is nearer.
                result = (long)value.GetDouble();
                return double.IsInteger(value.GetDouble()) || problems.Refuse("int_from_float", "Input should be a valid integer, got a number with a fractional part", value);
            case JsonValueKind.String:
                var text = value.GetString()!.Trim().Replace("_", "");
                return long.TryParse(text.EndsWith(".0", StringComparison.Ordinal) ? text[..^2] : text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out result)
                    || problems.Refuse("int_parsing", "Input should be a valid integer, unable to parse string as an integer", value);
            default:
                return problems.Refuse("int_type", "Input should be a valid integer", value);
        }
    }

    /// <summary>An integer of 64 bits.</summary>
    public static bool Seed(JsonElement value, FieldProblems problems, out long result)
    {
        if (!Int(value, problems, out result))
            return false;
        if (value.ValueKind != JsonValueKind.Number || value.TryGetInt64(out _) || Math.Abs(value.GetDouble()) < long.MaxValue)
            return true;
        return result > 0
            ? problems.Refuse("less_than_equal", $"Input should be less than or equal to {long.MaxValue}", value, $"{{'le': {long.MaxValue}}}")
            : problems.Refuse("greater_than_equal", $"Input should be greater than or equal to {long.MinValue}", value, $"{{'ge': {long.MinValue}}}");
    }

    public static bool Number(JsonElement value, FieldProblems problems, out double result)
    {
        result = 0;
        switch (value.ValueKind)
        {
            case JsonValueKind.True or JsonValueKind.False:
                result = value.GetBoolean() ? 1 : 0;
                return true;
            case JsonValueKind.Number:
                result = value.GetDouble();
                break;
            case JsonValueKind.String when double.TryParse(value.GetString()!.Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out result):
                break;
            case JsonValueKind.String:
                return problems.Refuse("float_parsing", "Input should be a valid number, unable to parse string as a number", value);
            default:
                return problems.Refuse("float_type", "Input should be a valid number", value);
        }
        return double.IsFinite(result) || problems.Refuse("finite_number", "Input should be a finite number", value);
    }

    public static bool Flag(JsonElement value, FieldProblems problems, out bool result)
    {
        bool? flag = value.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            JsonValueKind.Number => value.GetDouble() switch { 1 => true, 0 => false, _ => null },
            JsonValueKind.String => value.GetString()!.ToLowerInvariant() switch
            {
                "1" or "on" or "t" or "true" or "y" or "yes" => true,
                "0" or "off" or "f" or "false" or "n" or "no" => false,
                _ => null,
            },
            _ => null,
        };
        result = flag ?? false;
        return flag is not null || (value.ValueKind is JsonValueKind.Number or JsonValueKind.String
            ? problems.Refuse("bool_parsing", "Input should be a valid boolean, unable to interpret input", value)
            : problems.Refuse("bool_type", "Input should be a valid boolean", value));
    }

    public static bool String(JsonElement value, FieldProblems problems, out string result)
    {
        var isString = value.ValueKind == JsonValueKind.String;
        result = isString ? value.GetString()! : "";
        return isString || problems.Refuse("string_type", "Input should be a valid string", value);
    }

    public static bool Map(JsonElement value, FieldProblems problems, out JsonElement result)
    {
        result = value;
        return value.ValueKind == JsonValueKind.Object || problems.Refuse("dict_type", "Input should be a valid dictionary", value);
    }

    public static FieldRule<List<T>> ListOf<T>(FieldRule<T> rule) => (JsonElement value, FieldProblems problems, out List<T> items) =>
    {
        items = [];
        if (value.ValueKind != JsonValueKind.Array)
            return problems.Refuse("list_type", "Input should be a valid list", value);
        var before = problems.Count;
        foreach (var (index, element) in value.EnumerateArray().Index())
        {
            var known = problems.Count;
            if (rule(element, problems, out var item))
                items.Add(item);
            else
                problems.Within((long)index, known);
        }
        return problems.Count == before;
    };

    /// <summary>One kind of value or another; where it is none of them, what each kind has against it.</summary>
    /// <param name="kinds">As they are reported; the last that fits is taken.</param>
    public static FieldRule<T> OneOf<T>(params (string Name, FieldRule<T> Rule)[] kinds) => (JsonElement value, FieldProblems problems, out T result) =>
    {
        var objections = new FieldProblems[kinds.Length];
        for (var i = kinds.Length - 1; i >= 0; i--)
            if (kinds[i].Rule(value, objections[i] = new(), out result))
                return true;
        foreach (var (objection, (name, _)) in objections.Zip(kinds))
            problems.Add(objection, name);
        result = default!;
        return false;
    };
}
