using Spectre.Console;

namespace Spark.Kernel;

/// <summary>Runs the chosen notebooks in order until one fails, and tells how it went.</summary>
internal sealed class RunCommand(RunOptions options, IAnsiConsole console, TextWriter errors)
{
    /// <summary>The process's exit code: 0, 1 for a failing cell, or what the signal that ended the run means.</summary>
    /// <exception cref="RunSetupException">There is nothing to run.</exception>
    /// <exception cref="NotebookFormatException">One of the notebooks cannot be run; none was.</exception>
    public async Task<int> RunAsync()
    {
        var course = Course.Find(Directory.GetCurrentDirectory(), options.Notebooks);
        var notebooks = course.Select(options.Modules).Select(Notebook.Load).ToList();
        var output = Directory.CreateDirectory(Path.GetFullPath(options.Out, course.Root)).FullName;
        if (options.Cluster is { } cluster)
            Environment.SetEnvironmentVariable("SPARK_CLUSTER", cluster);

        using var interrupts = new Interrupts();
        IProgressDisplay progress = console.Profile.Capabilities.Interactive ? new LiveProgress(console) : new PlainProgress(console.Profile.Out.Writer);
        var results = new List<NotebookResult>();
        foreach (var notebook in notebooks)
        {
            results.Add(await progress.ShowAsync(new NotebookRun(notebook, output, options.CellTimeout, interrupts.Occurred, TimeProvider.System)));
            if (results[^1].ExitCode != 0)
                break;
        }

        var last = results[^1];
        var notRun = notebooks.Skip(results.Count).ToList();
        Summary.Print(console, results, notRun, course.Root);
        if (last.Failure is { } failure)
            errors.WriteLine($"\n{failure}");
        if (last.Interruption is { } interruption)
            errors.WriteLine($"The run was {interruption.Reason}.");
        if (notRun.Count > 0)
            errors.WriteLine($"Not run: {string.Join(", ", notRun.Select(notebook => notebook.Name))}.");
        return last.ExitCode;
    }
}
