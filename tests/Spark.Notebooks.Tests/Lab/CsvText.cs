using CsCheck;

namespace Spark.Notebooks.Tests;

public class CsvText
{
    [Fact]
    public void What_was_quoted_comes_back_as_it_was()
    {
        var field = Gen.String[Gen.Char["ab,\"\n\r 1"], 0, 8];
        field.Array[2, 4].Array[1, 5].Sample(rows =>
        {
            var text = string.Join("\n", rows.Select(row => string.Join(",", row.Select(value => $"\"{value.Replace("\"", "\"\"")}\"")))) + "\n";
            Assert.Equal(rows, Csv.Parse(text));
        });
    }

    [Theory]
    [InlineData("a,b\r\n1,2\r\n")]
    [InlineData("a,b\n1,2")]
    public void Line_ends_of_any_system_end_a_row(string text) => Assert.Equal([["a", "b"], ["1", "2"]], Csv.Parse(text));

    [Fact]
    public void An_open_quote_is_an_error() => Assert.Throws<InvalidDataException>(() => Csv.Parse("a,\"b\n").ToArray());

    [Fact]
    public void A_row_of_another_width_is_named()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("wide.csv", "a,b\n1,2\n1,2,3\n");
        Assert.Contains("wide.csv row 2", Assert.Throws<InvalidDataException>(() => Csv.ReadFile(file)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_column_or_number_that_is_missing_is_named()
    {
        using var folder = new TemporaryFolder();
        var row = Csv.ReadFile(folder.Write("rows.csv", "a,b\n1,\n"))[0];
        Assert.Null(row.NumberOrNull("b"));
        Assert.Contains("\"b\"", Assert.Throws<InvalidDataException>(() => row.Number("b")).Message, StringComparison.Ordinal);
        Assert.Contains("\"c\"", Assert.Throws<InvalidDataException>(() => row["c"]).Message, StringComparison.Ordinal);
    }
}
