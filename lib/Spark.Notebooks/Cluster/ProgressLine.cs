namespace Spark.Notebooks;

/// <summary>One console line that is rewritten in place while something long runs, a few times a second, and stays with its last words.</summary>
internal sealed class ProgressLine(TextWriter output, TimeProvider time) : IDisposable
{
    static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);
    static readonly AsyncLocal<bool> Silent = new();
    readonly Lock gate = new();
    readonly long started = time.GetTimestamp();
    TimeSpan shown;
    int width;

    public ProgressLine() : this(Silent.Value ? TextWriter.Null : Console.Out, TimeProvider.System)
    {
    }

    /// <summary>From here to the end of the calling async method, no further line is shown: the caller has one that tells more.</summary>
    public static void Silence() => Silent.Value = true;

    public TimeSpan Elapsed => time.GetElapsedTime(started);

    /// <summary>Shows how far a counted task is, and how long the rest takes at this pace.</summary>
    public void Show(string what, int done, int total)
    {
        if (done > 0 && done < total)
            Show($"{what} {done}/{total}, {Elapsed.TotalSeconds * (total - done) / done:0} s left");
    }

    public void Show(string text)
    {
        lock (gate)
        {
            if (Elapsed - shown < Interval)
                return;
            shown = Elapsed;
            Write(text);
        }
    }

    public void Finish(string text)
    {
        lock (gate)
        {
            Write(text);
            EndLine();
        }
    }

    /// <summary>What an error prints next must not continue a half-written line.</summary>
    public void Dispose()
    {
        lock (gate)
            EndLine();
    }

    void Write(string text)
    {
        output.Write($"\r{text.PadRight(width)}");
        width = text.Length;
    }

    void EndLine()
    {
        if (width > 0)
            output.WriteLine();
        width = 0;
    }
}
