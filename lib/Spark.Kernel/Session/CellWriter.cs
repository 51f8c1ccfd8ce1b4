using System.Text;

namespace Spark.Kernel;

/// <summary>The console of a session's cells: each piece of text becomes a stream output at once.</summary>
internal sealed class CellWriter : TextWriter
{
    readonly Action<string> print;

    public CellWriter(Action<string> print)
    {
        this.print = print;
        NewLine = "\n";
    }

    public override Encoding Encoding => Encoding.UTF8;

    public override void Write(char value) => Write(value.ToString());

    public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

    public override void Write(ReadOnlySpan<char> buffer) => Write(buffer.ToString());

    public override void Write(string? value)
    {
        if (!string.IsNullOrEmpty(value))
            print(value);
    }

    public override void WriteLine(string? value) => Write(value + "\n");
}
