using Microsoft.Extensions.Time.Testing;

namespace Spark.Notebooks.Tests;

public sealed class Predictions : IDisposable
{
    readonly TemporaryFolder temporary = new();
    readonly string path;
    readonly FakeTimeProvider clock = new(DateTimeOffset.UnixEpoch);
    readonly PredictionLedger ledger;

    public Predictions() => ledger = new(path = Path.Combine(temporary.Path, "results", "predictions.json"), clock);

    public void Dispose() => temporary.Dispose();

    [Fact]
    public void A_guess_is_recorded_before_the_run_and_scored_after_it()
    {
        var prediction = Predict.Number(ledger, "01", "TTFT", 50, "ms");
        Assert.Equal(new LedgerRow { Lesson = "01", What = "TTFT", Unit = "ms", Guess = 50, At = clock.GetLocalNow() }, Assert.Single(ledger.Rows));

        clock.Advance(TimeSpan.FromSeconds(5));
        var score = prediction.Score(25);
        Assert.Equal(2, score.Ratio);
        Assert.Contains("close", score.ToText(), StringComparison.Ordinal);
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
    public void A_guess_within_a_factor_of_two_is_close() => Assert.Multiple(
        () => Assert.Contains("close", Predict.Number(ledger, "01", "TTFT", 50, "ms").Score(25).ToText(), StringComparison.Ordinal),
        () => Assert.Contains("too high", Predict.Number(ledger, "01", "TTFT", 51, "ms").Score(25).ToText(), StringComparison.Ordinal),
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

    [Fact]
    public void A_ledger_of_nothing_is_an_empty_one()
    {
        Predict.Number(ledger, "01", "TTFT", 28, "ms");
        File.WriteAllText(path, "null");
        Assert.Empty(ledger.Rows);
    }

    [Theory]
    [InlineData(-5)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_guess_that_is_no_number_from_0_up_is_refused_and_the_earlier_one_stays(double guess)
    {
        Predict.Number(ledger, "01", "TTFT", 50, "ms").Score(25);
        var before = ledger.Rows;
        var refused = Predict.Number(ledger, "01", "TTFT", guess, "ms");
        var score = refused.Score(25);

        Assert.Null(refused.Guess);
        Assert.Contains("is not a number from 0 up, so nothing was recorded and an earlier guess stays. Replace it by your number (ms)", refused.ToText(), StringComparison.Ordinal);
        Assert.Contains("measured 25 ms; no guess given", score.ToText(), StringComparison.Ordinal);
        Assert.Equal(before, ledger.Rows);
    }

    [Theory]
    [InlineData("50 s")]
    [InlineData("50 ms or so")]
    [InlineData("1,5")]
    [InlineData("fast")]
    [InlineData("")]
    [InlineData("ms")]
    public void Text_that_is_no_number_of_the_unit_is_refused_with_the_unit_that_is_wanted(string guess)
    {
        Predict.Number(ledger, "01", "TTFT", 50, "ms");
        var refused = Predict.Number(ledger, "01", "TTFT", guess, "ms");
        Assert.Contains($"\"{guess}\" is not a number of ms", refused.ToText(), StringComparison.Ordinal);
        Assert.Equal(50, Assert.Single(ledger.Rows).Guess);
    }

    [Theory]
    [InlineData("12.5")]
    [InlineData(" 12.5 ms")]
    [InlineData("12.5MS")]
    [InlineData("1.25e1 ms")]
    public void Text_with_the_right_unit_is_a_guess(string guess) => Assert.Equal(12.5, Predict.Number(ledger, "01", "TTFT", guess, "ms").Guess);

    [Fact]
    public void Text_below_zero_is_refused_too() => Assert.Contains("-3 is not a number from 0 up", Predict.Number(ledger, "01", "TTFT", "-3 ms", "ms").ToText(), StringComparison.Ordinal);

    [Theory]
    [InlineData(0, 0, "close")]
    [InlineData(0, 3, "too low")]
    [InlineData(3, 0, "too high")]
    [InlineData(1, -0.2, "too high")]
    public void Zero_has_no_ratio_and_is_still_judged(double guess, double measured, string verdict)
    {
        var score = Predict.Number(ledger, "04", "workloads won", guess, "of 8").Score(measured);
        Assert.Null(score.Ratio);
        Assert.Contains($"({verdict})", score.ToText(), StringComparison.Ordinal);
        Assert.Equal((guess, measured), (ledger.Rows[0].Guess, ledger.Rows[0].Measured));
    }

    [Fact]
    public void A_measurement_that_failed_scores_nothing_and_keeps_the_guess()
    {
        var score = Predict.Number(ledger, "01", "TTFT", 50, "ms").Score(double.NaN);
        Assert.Contains("nothing to compare", score.ToText(), StringComparison.Ordinal);
        Assert.Equal((50, null), (ledger.Rows[0].Guess, ledger.Rows[0].Measured));
    }

    [Fact]
    public void A_new_kernel_goes_on_with_the_guesses_of_the_old_one()
    {
        Predict.Number(ledger, "01", "TTFT", 50, "ms").Score(25);
        var restarted = new PredictionLedger(path, clock);
        Predict.Number(restarted, "04", "blocks", 19, "blocks").Score(19);
        Assert.Equal([("01", 25), ("04", 19)], restarted.Rows.Select(row => (row.Lesson, row.Measured)));
    }
}
