using System.Text.RegularExpressions;

namespace Spark.Kernel;

/// <summary>Marks what an earlier cell's background work prints while a later cell runs, line by line.</summary>
internal sealed partial class LineLabels
{
    readonly HashSet<(int Cell, string Stream)> openLines = [];

    public string Mark(string text, int cell, string stream)
    {
        var continues = openLines.Contains((cell, stream));
        if (text[^1] is '\n' or '\r')
            openLines.Remove((cell, stream));
        else
            openLines.Add((cell, stream));
        return LineStart().Replace(text, start => start.Index == 0 && continues ? "" : $"[cell {cell}] ");
    }

    [GeneratedRegex(@"(?<=^|[\n\r])(?!\n)(?=.)", RegexOptions.Singleline)]
    private static partial Regex LineStart();
}
