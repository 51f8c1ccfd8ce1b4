namespace Spark.Notebooks;

/// <summary>What a process writes: its last lines in memory, all of them in a file under the temp folder as long as its disk has room. Safe to use from several threads.</summary>
public sealed class OutputLog(string path) : IDisposable
{
    const int KeptLines = 1_000;
    readonly Lock gate = new();
    readonly Queue<string> lines = new(KeptLines);
    readonly StreamWriter file = new(path, append: false) { AutoFlush = true };
    bool closed;

    public string Path { get; } = path;

    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (gate)
                return [.. lines];
        }
    }

    public void Add(string line)
    {
        lock (gate)
        {
            if (lines.Count == KeptLines)
                lines.Dequeue();
            lines.Enqueue(line);
            if (!closed)
                WhileThereIsRoom(() => file.WriteLine(line));
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            closed = true;
            WhileThereIsRoom(file.Dispose);
        }
    }

    public void Delete()
    {
        Dispose();
        File.Delete(Path);
    }

    static void WhileThereIsRoom(Action write)
    {
        try
        {
            write();
        }
        catch (IOException)
        {
            // A full disk ends neither the process nor the reading of what it says.
        }
    }
}
