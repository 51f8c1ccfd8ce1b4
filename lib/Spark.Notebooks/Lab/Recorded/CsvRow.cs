using System.Globalization;

namespace Spark.Notebooks;

/// <summary>One row by column names.</summary>
internal sealed record CsvRow(string Place, IReadOnlyDictionary<string, string> Fields)
{
    public string this[string column] => Fields.TryGetValue(column, out var value)
        ? value
        : throw new InvalidDataException($"{Place} has no column \"{column}\"; it has {string.Join(", ", Fields.Keys)}.");

    public double? NumberOrNull(string column) => this[column].Length == 0 ? null : Number(column);

    public double Number(string column) => double.TryParse(this[column], NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
        ? number
        : throw new InvalidDataException($"{Place}, column \"{column}\": \"{this[column]}\" is not a number.");

    public int Whole(string column) => (int)Number(column);
}
