using System.Text.Json;

namespace Spark.Notebooks.Tests;

public sealed class JudgingArchitectures
{
    static readonly ArchitectureVerdict Verdict = StudySamples.Study.Verdict();

    [Fact]
    public void Each_workload_has_the_winner_that_its_runs_show_and_a_single_node_never_is() =>
        Assert.Equal(["disaggregated 1P1D", "replicated ×2", Comparison.TooClose], Verdict.Rows.Select(row => row.Winner));

    [Fact]
    public void Latencies_have_winners_of_their_own()
    {
        Assert.Equal("disaggregated 1P1D", Verdict.Rows[0].Best(Metric.P99Itl));
        Assert.Equal("replicated ×2", Verdict.Rows[0].Best(Metric.MedianTtft));
        Assert.Equal(Comparison.TooClose, Verdict.Rows[2].Best(Metric.MedianTtft));
    }

    [Fact]
    public void The_sentence_says_where_disaggregation_loses() => Assert.Equal(
        "Of 3 workloads, by goodput: replicated ×2 1, disaggregated 1P1D 1, too close to call 1. Disaggregation loses chat at 10/s.", Verdict.Sentence);

    [Fact]
    public void A_machine_that_others_use_is_told_of_and_a_quiet_one_is_not()
    {
        var study = StudySamples.Study;
        StudyCell With(StudyCell cell, double others) => cell with { Runs = new([.. cell.Runs.Runs.Select(run => run with { Cpu = run.Cpu! with { Others = TimeSpan.FromSeconds(others) } })]) };
        Assert.Equal("", (study with { Cells = [.. study.Cells.Select(cell => With(cell, 0.1))] }).Verdict().Disturbance);
        Assert.Contains("other programs took 50 % of its core time", (study with { Cells = [.. study.Cells.Select(cell => With(cell, 1))] }).Verdict().ToText());
    }

    [Fact]
    public void Runs_that_may_not_be_compared_have_no_winner_but_the_reason()
    {
        var mix = StudySamples.Mix();
        var unproven = StudySamples.Cell(StudySamples.Disaggregated, mix, 1, (10, 1), (11, 1));
        unproven = unproven with { Runs = new([.. unproven.Runs.Runs.Select(run => run with { IdentityProven = false })]) };
        var row = new VerdictRow([StudySamples.Cell(StudySamples.Replicated, mix, 1, (100, 40), (110, 50)), unproven]);
        Assert.Equal("not comparable", row.Winner);
        Assert.Contains("nobody proved", row.Objections.Single());
    }

    [Fact]
    public void The_file_has_every_workload_and_architecture_with_spread_and_winner()
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory("verdict-").FullName, "04_verdict.json");
        VerdictFile.Save(Verdict, path, TimeProvider.System);
        using var json = JsonDocument.Parse(File.ReadAllText(path));
        var workloads = json.RootElement.GetProperty("workloads").EnumerateArray().ToArray();
        Assert.Equal(["disaggregated 1P1D", "replicated ×2", Comparison.TooClose], workloads.Select(workload => workload.GetProperty("winner").GetString()));
        var replicated = workloads[0].GetProperty("architectures").EnumerateArray().Single(one => one.GetProperty("name").GetString() == "replicated ×2");
        Assert.Equal((100.0, 110.0, 105.0), (Ttft("lowest"), Ttft("highest"), Ttft("median")));
        Assert.Equal(2, replicated.GetProperty("goodputPerSecond").GetProperty("repeats").GetArrayLength());
        Assert.Equal(200, workloads[0].GetProperty("slo").GetProperty("ttftMs").GetDouble());
        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);

        double Ttft(string name) => Math.Round(replicated.GetProperty("ttftMs").GetProperty("p50").GetProperty(name).GetDouble(), 6);
    }

    [Fact]
    public void A_map_has_a_cell_a_workload_and_no_error_against_itself()
    {
        var map = StudySamples.Study.Map();
        Assert.Equal(Verdict.Rows.Select(row => row.Winner), map.Cells.Select(cell => cell.Winner));
        Assert.Equal([1.0, -1.0, 0.0], map.Cells.Select(cell => Math.Round(cell.Advantage, 1)));
        var error = map.ErrorAgainst(map);
        Assert.Equal((3, 3, 2, 0, 0.0), (error.Cells, error.SameWinner, error.Decided, error.WrongWinner, error.Goodput.Max));
    }

    [Fact]
    public void A_map_that_names_other_winners_is_told_so()
    {
        var map = StudySamples.Study.Map();
        var turned = map with { Cells = [.. map.Cells.Select(cell => cell with { Winner = cell.Winner == "replicated ×2" ? "disaggregated 1P1D" : "replicated ×2" })] };
        var error = turned.ErrorAgainst(map);
        Assert.Equal((0, 2), (error.SameWinner, error.WrongWinner));
        Assert.Contains("wrong winner in 2 of the 2", error.ToText());
    }
}
