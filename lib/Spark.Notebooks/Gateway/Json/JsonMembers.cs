using System.Buffers;
using System.Text.Json;

namespace Spark.Notebooks;

/// <summary>The members of a JSON object as ranges of its bytes, so that it can be changed without touching what stays.</summary>
internal sealed class JsonMembers
{
    // A prompt of token ids is most of a body: what stands between its brackets is passed over at once, for the backend to judge.
    static readonly SearchValues<byte> OfNumbers = SearchValues.Create("0123456789-+.eE, \t\r\n"u8);
    static readonly JsonReaderState AfterMember = ReadMember();

    readonly ReadOnlyMemory<byte> json;
    readonly List<(string Name, Range Whole, Range Value)> members = [];

    JsonMembers(ReadOnlyMemory<byte> json) => this.json = json;

    public int Count => members.Count;

    /// <summary>Null when the bytes are no JSON object.</summary>
    public static JsonMembers? Parse(ReadOnlyMemory<byte> json)
    {
        var parsed = new JsonMembers(json);
        var reader = new Utf8JsonReader(json.Span);
        var offset = 0;
        try
        {
            if (!reader.Read() || reader.TokenType is not JsonTokenType.StartObject)
                return null;
            while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
            {
                var (name, start) = (reader.GetString()!, offset + (int)reader.TokenStartIndex);
                reader.Read();
                var value = offset + (int)reader.TokenStartIndex;
                if (reader.TokenType is JsonTokenType.StartArray && EndOfNumbers(json.Span, value) is { } behind)
                {
                    reader = new Utf8JsonReader(json.Span[behind..], isFinalBlock: true, AfterMember);
                    offset = behind;
                }
                else
                {
                    reader.Skip();
                }

                var end = offset + (int)reader.BytesConsumed;
                parsed.members.Add((name, start..end, value..end));
            }

            return reader.Read() ? null : parsed;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>The bytes of a member's value, of the last where there are several of the name; empty when there is none or it is null.</summary>
    public ReadOnlyMemory<byte> this[string name]
    {
        get
        {
            for (var i = members.Count - 1; i >= 0; i--)
            {
                if (members[i].Name == name)
                    return json[members[i].Value].Span.SequenceEqual("null"u8) ? default : json[members[i].Value];
            }

            return default;
        }
    }

    public bool Has(string name) => members.Exists(member => member.Name == name);

    public bool IsTrue(string name) => this[name].Span.SequenceEqual("true"u8);

    /// <summary>An object of the members to keep, as they stand, and of others, given as JSON, at its end.</summary>
    public ReadOnlyMemory<byte> Rewrite(Predicate<string> keep, ReadOnlySpan<byte> with)
    {
        var result = new ArrayBufferWriter<byte>(json.Length + members.Count + with.Length + 2);
        result.Write("{"u8);
        foreach (var (name, whole, _) in members)
        {
            if (keep(name))
                Append(result, json.Span[whole]);
        }

        if (with.Length > 0)
            Append(result, with);
        result.Write("}"u8);
        return result.WrittenMemory;
    }

    /// <summary>Where an array ends that holds only numbers; null for any other.</summary>
    static int? EndOfNumbers(ReadOnlySpan<byte> json, int array)
    {
        var inside = json[(array + 1)..];
        var length = inside.IndexOfAnyExcept(OfNumbers);
        return length >= 0 && inside[length] == (byte)']' ? array + 1 + length + 1 : null;
    }

    static JsonReaderState ReadMember()
    {
        var reader = new Utf8JsonReader("""{"":null,"""u8, isFinalBlock: false, default);
        while (reader.TokenType is not JsonTokenType.Null)
            reader.Read();
        return reader.CurrentState;
    }

    static void Append(ArrayBufferWriter<byte> result, ReadOnlySpan<byte> member)
    {
        if (result.WrittenCount > 1)
            result.Write(","u8);
        result.Write(member);
    }
}
