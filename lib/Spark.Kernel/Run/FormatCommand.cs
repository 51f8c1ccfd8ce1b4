namespace Spark.Kernel;

/// <summary>Says which notebooks are not in the form in which they are kept, or puts them into it.</summary>
internal sealed class FormatCommand(IReadOnlyList<string> notebooks, bool fixes, TextWriter output)
{
    /// <summary>The process's exit code: 0, or 1 where a notebook differs and was not to be fixed.</summary>
    /// <exception cref="NotebookFormatException">A file is not a C# notebook; those before it are done.</exception>
    public int Run()
    {
        var differing = 0;
        foreach (var path in notebooks)
        {
            var (written, canonical) = (File.ReadAllText(path), Notebook.Load(path).ToCanonical());
            if (written == canonical)
                continue;
            differing++;
            if (fixes)
                File.WriteAllText(path, canonical);
            output.WriteLine(fixes ? $"{path}: formatted" : $"{path}({FirstDifference(written, canonical)}): not in canonical form");
        }
        var summary = (differing, fixes) switch
        {
            (0, _) => $"In canonical form: {notebooks.Count} of {notebooks.Count} notebooks.",
            (_, true) => $"{differing} of {notebooks.Count} notebooks formatted.",
            _ => $"{differing} of {notebooks.Count} notebooks differ: `spark-kernel format --fix` removes outputs and counts, gives cells ids, and sorts keys.",
        };
        output.WriteLine(summary);
        return differing > 0 && !fixes ? 1 : 0;
    }

    static int FirstDifference(string written, string canonical) =>
        written.Split('\n').Zip(canonical.Split('\n')).TakeWhile(lines => lines.First == lines.Second).Count() + 1;
}
