using System.Text;

namespace Spark.Kernel;

/// <summary>Printed text as a terminal shows it: after a carriage return or a backspace, later characters replace earlier ones.</summary>
internal sealed class TerminalText
{
    readonly StringBuilder finished = new();
    readonly StringBuilder line = new();
    int column;

    public void Write(string text)
    {
        foreach (var c in text)
            Write(c);
    }

    public override string ToString() => $"{finished}{line}";

    void Write(char c)
    {
        switch (c)
        {
            case '\n':
                finished.Append(line).Append('\n');
                line.Clear();
                column = 0;
                break;
            case '\r':
                column = 0;
                break;
            case '\b':
                column = Math.Max(0, column - 1);
                break;
            default:
                if (column < line.Length)
                    line[column] = c;
                else
                    line.Append(c);
                column++;
                break;
        }
    }
}
