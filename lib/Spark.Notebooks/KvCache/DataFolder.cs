namespace Spark.Notebooks;

/// <summary>The course's data: models and recorded runs that come with it, results that its runs write.</summary>
internal static class DataFolder
{
    public static string Models => RepositoryRoot.Combine("data/models");
    public static string Recorded => RepositoryRoot.Combine("data/recorded");
    public static string Results => RepositoryRoot.Combine("data/results");
}
