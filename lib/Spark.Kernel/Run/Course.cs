namespace Spark.Kernel;

/// <summary>The folder of notebooks and the folder that holds it.</summary>
internal sealed record Course(string Root, IReadOnlyList<string> Notebooks)
{
    /// <summary>Looks for the notebooks' folder from <paramref name="start"/> upwards and lists its notebooks by name.</summary>
    /// <exception cref="RunSetupException">There is no such folder, or nothing in it.</exception>
    public static Course Find(string start, string folder)
    {
        for (var directory = new DirectoryInfo(start); directory is not null; directory = directory.Parent)
        {
            var candidate = Path.GetFullPath(folder, directory.FullName);
            if (Directory.Exists(candidate))
                return new Course(directory.FullName, NotebooksIn(candidate));
        }
        throw new RunSetupException($"there is no folder '{folder}' in {start} or in any folder above it: run from inside the repository, or name the folder with --notebooks");
    }

    /// <summary>The notebooks whose names begin with any of <paramref name="modules"/>; all of them when there are none.</summary>
    /// <exception cref="RunSetupException">A module matches no notebook.</exception>
    public IReadOnlyList<string> Select(IReadOnlyList<string> modules)
    {
        foreach (var module in modules)
            if (!Notebooks.Any(notebook => Matches(notebook, module)))
                throw new RunSetupException($"there is no module '{module}'; there are: {string.Join(", ", Notebooks.Select(Path.GetFileNameWithoutExtension))}");
        return modules.Count == 0 ? Notebooks : [.. Notebooks.Where(notebook => modules.Any(module => Matches(notebook, module)))];
    }

    static bool Matches(string notebook, string module) => Path.GetFileName(notebook).StartsWith(module, StringComparison.OrdinalIgnoreCase);

    static List<string> NotebooksIn(string folder)
    {
        var notebooks = Directory.GetFiles(folder, "*.ipynb").Order(StringComparer.Ordinal).ToList();
        return notebooks.Count > 0 ? notebooks : throw new RunSetupException($"there are no notebooks (*.ipynb) in {folder}");
    }
}
