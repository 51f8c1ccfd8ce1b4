using System.Text.RegularExpressions;

namespace Spark.Notebooks.Course.Tests;

/// <summary>What the code keeps to, so that a newcomer can read it.</summary>
public sealed partial class RepositoryRules
{
    static readonly string[] Code = [.. Repository.Files("lib", "*.cs"), .. Repository.Files("tests", "*.cs")];

    [Fact]
    public void No_file_of_the_library_is_longer_than_200_lines() => Assert.All(Repository.Files("lib", "*.cs"), file =>
    {
        var lines = Read(file).Split('\n').Length - 1;
        Assert.True(lines <= 200, $"{file} has {lines} lines: is it still one idea?");
    });

    [Fact]
    public void There_are_no_regions_and_nothing_is_killed_by_name() => Assert.All(Code, file => Assert.DoesNotMatch(Forbidden(), Read(file)));

    [Fact]
    public void Every_package_has_one_exact_version()
    {
        foreach (var project in Repository.Files(".", "*.csproj"))
            Assert.DoesNotMatch("PackageReference[^>]*Version=", Read(project));
        Assert.All(VersionAttribute().Matches(Read("Directory.Packages.props")), match => Assert.Matches(@"^\d+(\.\d+)+(-[\w.]+)?$", match.Groups[1].Value));
    }

    [Fact]
    public void The_engine_and_the_kernel_know_nothing_of_the_course()
    {
        foreach (var file in Repository.Files("lib/Spark.Engine", "*.cs").Concat(Repository.Files("lib/Spark.Kernel", "*.cs")))
            Assert.DoesNotContain("Spark.Notebooks", Read(file), StringComparison.Ordinal);
        foreach (var file in Repository.Files("lib/Spark.Notebooks", "*.cs"))
            Assert.DoesNotMatch(@"using Spark\.(Engine|Kernel)", Read(file));
    }

    [Fact]
    public void A_wait_in_the_library_is_a_poll_interval_or_a_deadline_and_says_so_by_name() => Assert.All(Repository.Files("lib", "*.cs"), file =>
        Assert.All(Wait().Matches(Read(file)), match => Assert.Matches("(?i)interval|deadline|timeout|refresh", match.Value)));

    static string Read(string file) => File.ReadAllText(Path.Combine(Repository.Root, file));

    [GeneratedRegex(@"#[r]egion|pk[i]ll|kill[a]ll|GetProcesses[B]yName")]
    private static partial Regex Forbidden();

    [GeneratedRegex(@"Version=""([^""]+)""")]
    private static partial Regex VersionAttribute();

    [GeneratedRegex(@"(Thread\.Sleep|Task\.Delay)\([^;]*;")]
    private static partial Regex Wait();
}
