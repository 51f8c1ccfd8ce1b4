using System.IO.Enumeration;
using System.Text.RegularExpressions;

namespace Spark.Notebooks;

/// <summary>A folder of recorded runs: CSV files, and a README whose table says of each what it is and how it is flawed.</summary>
internal sealed partial class RecordedFiles(string folder)
{
    public IReadOnlyList<CsvRow> Rows(string file) => Csv.ReadFile(Path.Combine(folder, file));

    /// <exception cref="InvalidDataException">The README's table has no row for the file.</exception>
    public Provenance Provenance(string file)
    {
        var readme = Path.Combine(folder, "README.md");
        var cells = File.ReadLines(readme).Select(line => line.Trim('|', ' ').Split('|')).FirstOrDefault(cells => cells.Length == 3 && Covers(cells[0], file))
            ?? throw new InvalidDataException($"{readme} has no table row for {file}, so its figures have no provenance.");
        return Spark.Notebooks.Provenance.Recorded(Plain(cells[1]), Plain(cells[2]));
    }

    static bool Covers(string names, string file) =>
        Names().Matches(names).Any(name => FileSystemName.MatchesSimpleExpression(name.Groups[1].Value, file));

    static string Plain(string cell) => cell.Replace("`", "", StringComparison.Ordinal).Trim();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Names();
}
