using System.Text.RegularExpressions;

namespace Spark.Notebooks.Tests;

public sealed class KeepingRecordedRuns : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("spark-runs-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void A_results_file_becomes_a_recorded_run_that_a_chart_shows_beside_this_one()
    {
        var file = Save(Path.Combine(folder, "theirs"), [10, 12, 11]);
        Assert.Equal(Path.Combine(folder, "runs", "two-sparks-2026-12", "01.json"), RecordedRun.Add(file, "two-sparks-2026-12", Path.Combine(folder, "runs")));

        var run = Assert.Single(RecordedRun.Of("01", Path.Combine(folder, "runs")));
        Assert.Equal("two-sparks-2026-12", run.Name);
        var chart = Charts.BesideRecorded(Throughput([20, 20, 21]), [run]);
        Assert.Contains("two-sparks-2026-12: 11 tokens/s at 4 requests in flight", chart.ToText());
        Assert.Empty(RecordedRun.Of("02", Path.Combine(folder, "runs")));
    }

    [Fact]
    public void A_chart_without_a_recorded_run_says_so() =>
        Assert.Contains("No recorded run has \"output throughput\"", Charts.BesideRecorded(Throughput([20]), []).ToText());

    [Theory]
    [InlineData("{")]
    [InlineData("{\"lesson\": \"01\"}")]
    [InlineData("[1, 2]")]
    public void A_file_that_holds_no_results_is_refused_by_name(string content)
    {
        var file = Path.Combine(folder, "wrong.json");
        File.WriteAllText(file, content);
        Assert.Contains("wrong.json is no results file", Assert.Throws<InvalidDataException>(() => RecordedRun.Add(file, "name", folder)).Message);
    }

    [Fact]
    public void Results_without_values_are_refused()
    {
        var file = Save(folder, [1]);
        File.WriteAllText(file, WithoutValues.Replace(File.ReadAllText(file), "\"values\": []"));
        Assert.Contains("\"output throughput\" has no values", Assert.Throws<InvalidDataException>(() => RecordedRun.Add(file, "name", folder)).Message);
    }

    [Theory]
    [InlineData("../elsewhere")]
    [InlineData("a b")]
    [InlineData("")]
    public void A_name_that_is_no_folders_is_refused(string name) =>
        Assert.Throws<ArgumentException>(() => RecordedRun.Add(Save(folder, [1]), name, folder));

    [Fact]
    public void The_runs_that_come_with_the_course_can_be_read() =>
        Assert.All(["00", "01", "02", "03", "04"], lesson => Assert.All(Recorded.Runs(lesson), run => Assert.NotEmpty(run.Results.Series)));

    static readonly Regex WithoutValues = new("\"values\": \\[[^\\]]*\\]");

    static string Save(string folder, double[] values) =>
        new ResultStore(folder, TimeProvider.System).Save("01", "spark", new Dictionary<string, string>(), new Knobs(), null, [Throughput(values)]).Path;

    static Series Throughput(double[] values) =>
        new() { Name = "output throughput", X = "requests in flight", Unit = "tokens/s", Provenance = "Measured in this session: by hand", Points = [new(1, values), new(4, values)] };
}
