namespace Spark.Notebooks;

/// <summary>Finds the course's own folder, whichever notebook, test or program asks.</summary>
internal static class RepositoryRoot
{
    const string Marker = "Spark.Notebooks.sln";

    public static string Path { get; } = Find(System.IO.Path.GetDirectoryName(typeof(RepositoryRoot).Assembly.Location), Environment.CurrentDirectory);

    public static string Combine(string relative) => System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(System.IO.Path.Combine(Path, relative)));

    /// <exception cref="DirectoryNotFoundException">No folder above any of <paramref name="starts"/> is the course's.</exception>
    internal static string Find(params IEnumerable<string?> starts) =>
        starts.SelectMany(Upwards).FirstOrDefault(folder => File.Exists(System.IO.Path.Combine(folder, Marker)))
        ?? throw new DirectoryNotFoundException(
            $"No folder above {string.Join(" or ", starts.Where(start => !string.IsNullOrEmpty(start)))} holds {Marker}. Open the notebook from inside the course's folder.");

    static IEnumerable<string> Upwards(string? start)
    {
        for (var folder = string.IsNullOrEmpty(start) ? null : start; folder is not null; folder = System.IO.Path.GetDirectoryName(folder))
            yield return folder;
    }
}
