using System.Text.RegularExpressions;

namespace Spark.Tests;

/// <summary>The notebooks as a learner in a hurry leaves them: every measurement is made once. Other knobs, the same cells.</summary>
public static class HurriedNotebooks
{
    static readonly Regex Repeats = new(@"Repeats = \d+,");

    /// <param name="repository">The checkout, whose library the copies refer to.</param>
    /// <returns>The folder.</returns>
    public static string WriteTo(string folder, string repository)
    {
        Directory.CreateDirectory(folder);
        foreach (var path in Directory.EnumerateFiles(Path.Combine(repository, "notebooks"), "*.ipynb"))
            File.WriteAllText(Path.Combine(folder, Path.GetFileName(path)), Repeats.Replace(File.ReadAllText(path), "Repeats = 1,")
                .Replace("Rates = [0.6, 1.3],", "Repeats = 1, Rates = [0.6, 1.3],", StringComparison.Ordinal)
                .Replace("../lib", Path.Combine(repository, "lib"), StringComparison.Ordinal));
        return folder;
    }
}
