namespace Spark.Engine.Tests;

/// <summary>Paths inside the checkout that the tests run from.</summary>
static class Repository
{
    public static string Root { get; } = Find();
    public static string Tales => Path.Combine(Root, "data", "models", "tales-25m");
    public static string M14 => Path.Combine(Root, "data", "models", "m14");

    static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Spark.Notebooks.sln")))
                return folder.FullName;
        throw new DirectoryNotFoundException("No Spark.Notebooks.sln above the test's folder.");
    }
}
