using System.Net;
using System.Text;
using Microsoft.Data.Analysis;

namespace Spark.Notebooks;

/// <summary>A data frame as an HTML table: numbers right-aligned with the digits that matter, ink and ground from the page.</summary>
internal static class TableHtml
{
    const int LongText = 60;
    const string Cell = "padding:.2em .6em;border-bottom:1px solid rgba(128,128,128,.25)";

    public static string Of(DataFrame frame)
    {
        var html = new StringBuilder("<div style=\"overflow-x:auto\"><table style=\"border-collapse:collapse;font-variant-numeric:tabular-nums\"><thead><tr>");
        foreach (var column in frame.Columns)
            html.Append($"<th style=\"{Cell};vertical-align:bottom;white-space:normal;text-align:{Align(column)}\">{WebUtility.HtmlEncode(column.Name)}</th>");
        html.Append("</tr></thead><tbody>");
        foreach (var row in frame.Rows)
        {
            html.Append("<tr>");
            foreach (var (column, value) in frame.Columns.Zip(row))
            {
                var text = Text(column, value);
                html.Append($"<td style=\"{Cell};{(text.Length > LongText ? "min-width:20em" : "white-space:nowrap")};text-align:{Align(column)}\">{WebUtility.HtmlEncode(text)}</td>");
            }
            html.Append("</tr>");
        }
        return html.Append("</tbody></table></div>").ToString();
    }

    public static string Text(DataFrameColumn column, object? value) => value switch
    {
        null => "–",
        double number when IsWhole(column) => Figures.Show(number),
        double number => Figures.Significant(number),
        _ => value.ToString()!,
    };

    static bool IsWhole(DataFrameColumn column) => column.Cast<double?>().All(value => value is null || double.IsInteger(value.Value));

    static string Align(DataFrameColumn column) => column is StringDataFrameColumn ? "left" : "right";
}
