using Microsoft.Extensions.Time.Testing;

namespace Spark.Notebooks.Tests;

public class Predictions
{
    readonly string path = Path.Combine(Directory.CreateTempSubdirectory().FullName, "results", "predictions.json");
    readonly FakeTimeProvider clock = new(DateTimeOffset.UnixEpoch);
    readonly PredictionLedger ledger;

    public Predictions() => ledger = new(path, clock);

    [Fact]
    public void A_guess_is_recorded_before_the_run_and_scored_after_it()
    {
        var prediction = Predict.Number(ledger, "01", "TTFT", 50, "ms");
        Assert.Equal(new LedgerRow { Lesson = "01", What = "TTFT", Unit = "ms", Guess = 50, At = clock.GetLocalNow() }, Assert.Single(ledger.Rows));

        clock.Advance(TimeSpan.FromSeconds(5));
        var score = prediction.Score(25);
        Assert.Equal(2, score.Ratio);
        Assert.Contains("too high", score.ToText(), StringComparison.Ordinal);
        Assert.Equal(new LedgerRow { Lesson = "01", What = "TTFT", Unit = "ms", Guess = 50, Measured = 25, At = clock.GetLocalNow() }, Assert.Single(ledger.Rows));
    }

    [Fact]
    public void A_new_guess_replaces_the_old_one_of_the_same_module_and_words()
    {
        Predict.Number(ledger, "01", "TTFT", 50, "ms").Score(25);
        Predict.Number(ledger, "01", "TTFT", 30, "ms");
        Predict.Number(ledger, "01", "ITL", 2, "ms");
        Predict.Number(ledger, "03", "TTFT", 60, "ms");

        Assert.Equal([("01", "TTFT", 30), ("01", "ITL", 2), ("03", "TTFT", 60)], ledger.Rows.Select(row => (row.Lesson, row.What, row.Guess)));
        Assert.Null(ledger.Rows[0].Measured);
    }

    [Fact]
    public void A_blank_is_no_guess_writes_nothing_and_breaks_nothing()
    {
        var prediction = Predict.Number(ledger, "01", "TTFT", Blank.___, "ms");
        var score = prediction.Score(25, formula: 20);

        Assert.Contains("no guess given", prediction.ToText(), StringComparison.Ordinal);
        Assert.Contains("no guess given", score.ToText(), StringComparison.Ordinal);
        Assert.Contains("measured 25 ms; the formula says 20 ms (0.8×)", score.ToText(), StringComparison.Ordinal);
        Assert.Null(score.Ratio);
        Assert.False(File.Exists(path));
    }

    [Fact]
    public void A_guess_within_half_as_much_again_is_close() => Assert.Multiple(
        () => Assert.Contains("close", Predict.Number(ledger, "01", "TTFT", 28, "ms").Score(25).ToText(), StringComparison.Ordinal),
        () => Assert.Contains("too low", Predict.Number(ledger, "01", "TTFT", 10, "ms").Score(25).ToText(), StringComparison.Ordinal));

    [Fact]
    public void Nothing_but_the_ledger_is_left_in_its_folder()
    {
        Predict.Number(ledger, "01", "TTFT", 28, "ms").Score(25);
        Assert.Equal([path], Directory.GetFiles(Path.GetDirectoryName(path)!));
    }

    [Fact]
    public void A_broken_ledger_is_named()
    {
        Predict.Number(ledger, "01", "TTFT", 28, "ms");
        File.WriteAllText(path, "{");
        Assert.Contains(path, Assert.Throws<InvalidDataException>(() => ledger.Rows).Message, StringComparison.Ordinal);
    }
}
