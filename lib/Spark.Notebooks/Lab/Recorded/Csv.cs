using System.Text;

namespace Spark.Notebooks;

/// <summary>Comma-separated text by RFC 4180: quoted fields may hold commas, doubled quotes and line breaks.</summary>
internal static class Csv
{
    public static IReadOnlyList<CsvRow> ReadFile(string path)
    {
        var records = Parse(File.ReadAllText(path)).ToArray();
        if (records.Length == 0)
            throw new InvalidDataException($"{path} is empty; its first line should name the columns.");
        var header = records[0];
        return [.. records.Skip(1).Select((fields, index) => fields.Length == header.Length
            ? new CsvRow($"{Path.GetFileName(path)} row {index + 1}", header.Zip(fields).ToDictionary())
            : throw new InvalidDataException($"{path} row {index + 1} has {fields.Length} fields, its header {header.Length}."))];
    }

    public static IEnumerable<string[]> Parse(string text)
    {
        var (fields, field, quoted) = (new List<string>(), new StringBuilder(), false);
        for (var i = 0; i < text.Length; i++)
        {
            var next = i + 1 < text.Length ? text[i + 1] : '\0';
            switch (text[i])
            {
                case '"' when quoted && next == '"':
                    field.Append('"');
                    i++;
                    break;
                case '"':
                    quoted = !quoted;
                    break;
                case ',' when !quoted:
                    EndField();
                    break;
                case '\r' when !quoted && next == '\n':
                    break;
                case '\n' when !quoted:
                    EndField();
                    yield return [.. fields];
                    fields.Clear();
                    break;
                case var other:
                    field.Append(other);
                    break;
            }
        }
        if (quoted)
            throw new InvalidDataException("The text ends inside a quoted field.");
        if (field.Length > 0 || fields.Count > 0)
        {
            EndField();
            yield return [.. fields];
        }

        void EndField()
        {
            fields.Add(field.ToString());
            field.Clear();
        }
    }
}
