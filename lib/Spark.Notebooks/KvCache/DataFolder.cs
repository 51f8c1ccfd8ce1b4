namespace Spark.Notebooks;

/// <summary>The course's data folder: models and recorded runs that come with it, results that its runs write.</summary>
public static class DataFolder
{
    /// <exception cref="DirectoryNotFoundException">No folder above the working directory or the library holds data/models.</exception>
    public static string Root { get; } =
        Above(Environment.CurrentDirectory) ?? Above(AppContext.BaseDirectory) ?? Above(Path.GetDirectoryName(typeof(DataFolder).Assembly.Location))
        ?? throw new DirectoryNotFoundException(
            $"No data/models above {Environment.CurrentDirectory} or {AppContext.BaseDirectory}: run from within the course's repository.");

    public static string Models => Path.Combine(Root, "models");
    public static string Recorded => Path.Combine(Root, "recorded");
    public static string Results => Path.Combine(Root, "results");

    private static string? Above(string? folder)
    {
        for (var here = folder is null ? null : new DirectoryInfo(folder); here is not null; here = here.Parent)
        {
            if (Directory.Exists(Path.Combine(here.FullName, "data", "models")))
                return Path.Combine(here.FullName, "data");
        }
        return null;
    }
}
