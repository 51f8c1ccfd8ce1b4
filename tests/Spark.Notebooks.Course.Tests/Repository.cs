namespace Spark.Notebooks.Course.Tests;

/// <summary>The checkout that the tests run from.</summary>
static class Repository
{
    public static string Root { get; } = Find();

    public static IEnumerable<string> Notebooks => Directory.EnumerateFiles(Path.Combine(Root, "notebooks"), "*.ipynb").Order();

    /// <summary>Hand-written files below a folder, relative to the root.</summary>
    public static IEnumerable<string> Files(string folder, string pattern) =>
        Directory.EnumerateFiles(Path.Combine(Root, folder), pattern, SearchOption.AllDirectories)
            .Where(file => !file.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj"))
            .Select(file => Path.GetRelativePath(Root, file));

    static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Spark.Notebooks.sln")))
                return folder.FullName;
        throw new DirectoryNotFoundException("No Spark.Notebooks.sln above the test's folder.");
    }
}
