namespace Spark.Notebooks;

/// <summary>The course's data: models and recorded runs that come with it, results that its runs write.</summary>
internal static class DataFolder
{
    const string ResultsVariable = "SPARK_RESULTS";

    public static string Models => RepositoryRoot.Combine("data/models");
    public static string Recorded => RepositoryRoot.Combine("data/recorded");

    /// <summary>Another folder where SPARK_RESULTS names one: who shares a checkout keeps results apart.</summary>
    public static string Results => RepositoryRoot.Combine(Environment.GetEnvironmentVariable(ResultsVariable) is { Length: > 0 } folder ? folder : "data/results");
}
