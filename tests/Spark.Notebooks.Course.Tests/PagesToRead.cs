using System.Text.RegularExpressions;

namespace Spark.Notebooks.Course.Tests;

/// <summary>What is written about the course, held against what is there.</summary>
public sealed partial class PagesToRead
{
    const string Guide = "docs/instructors-guide.md";

    public static TheoryData<string> Pages => [.. new[] { "README.md", "data/recorded/README.md", "data/prompts/README.md" }.Concat(Repository.Files("docs", "*.md"))];

    [Theory, MemberData(nameof(Pages))]
    public void Its_links_lead_somewhere(string page)
    {
        var folder = Path.GetDirectoryName(Path.Combine(Repository.Root, page))!;
        Assert.All(Link().Matches(Read(page)).Select(match => match.Groups[1].Value).Where(link => !link.StartsWith("http", StringComparison.Ordinal)), link =>
            Assert.True(Path.Exists(Path.Combine(folder, link)), $"{page} links to {link}, which is not there."));
    }

    [Fact]
    public void The_guide_times_every_notebook_and_adds_up()
    {
        var guide = Read(Guide);
        var seconds = Repository.Notebooks.Select(path =>
        {
            var row = Regex.Match(guide, $@"^\| \[[^|]*notebooks/{Regex.Escape(Path.GetFileName(path))}\) \|[^|]*\| (\d+) s \|$", RegexOptions.Multiline);
            Assert.True(row.Success, $"{Guide} has no row with seconds for {Path.GetFileName(path)}");
            return int.Parse(row.Groups[1].Value);
        }).Sum();
        Assert.Contains($"| {seconds / 60} min {seconds % 60} s |", guide, StringComparison.Ordinal);
    }

    [Fact]
    public void The_guides_recorded_answers_name_files_that_are_there()
    {
        var named = RecordedFile().Matches(Read(Guide)).Select(match => match.Groups[1].Value).Distinct().ToList();
        Assert.NotEmpty(named);
        Assert.All(named, name => Assert.True(File.Exists(Path.Combine(Repository.Root, "data", "recorded", name)), name));
    }

    static string Read(string page) => File.ReadAllText(Path.Combine(Repository.Root, page));

    [GeneratedRegex(@"\]\(([^)#]+)")]
    private static partial Regex Link();

    [GeneratedRegex(@"`([a-z0-9_]+\.csv)`")]
    private static partial Regex RecordedFile();
}
