namespace Spark.Kernel;

/// <summary>A line of a cell, counted from 1, with its trimmed text.</summary>
internal sealed record CodeLine(int Number, string Text)
{
    public static CodeLine Of(string code, int number) =>
        new(number, code.Split('\n').ElementAtOrDefault(number - 1)?.Trim() ?? "");
}
