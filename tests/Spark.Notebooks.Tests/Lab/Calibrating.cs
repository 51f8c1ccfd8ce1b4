namespace Spark.Notebooks.Tests;

public class Calibrating
{
    [Fact]
    public void Without_a_scored_guess_it_says_so_and_draws_nothing()
    {
        var none = Calibration.Of([Row("01", "TTFT", 50, null)]);
        Assert.StartsWith("No guess was scored yet", none.ToText(), StringComparison.Ordinal);
        Assert.Contains("TTFT (module 01)", none.ToText(), StringComparison.Ordinal);
        Assert.Empty(none.Scored);
        Assert.Contains("No guess was scored yet", Assert.Throws<ArgumentException>(() => Charts.Calibration(none)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_median_factor_counts_both_directions_alike()
    {
        var text = Calibration.Of([Row("01", "a", 40, 10), Row("01", "b", 10, 40), Row("02", "c", 11, 10)]).ToText();
        Assert.Contains("Of 3 guesses, 1 came within a factor of two. In the median you were off by a factor of 4, more often too high (2) than too low (1).", text, StringComparison.Ordinal);
        Assert.Contains("01: 4, 02: 1.1", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Guesses_are_shown_module_by_module_whenever_they_were_made() =>
        Assert.Equal(["00", "03", "04"], Calibration.Of([Row("04", "c", 2, 1), Row("00", "a", 2, 1), Row("03", "b", 2, 1)]).Scored.Select(guess => guess.Row.Lesson));

    [Fact]
    public void Zero_is_told_in_words_and_left_out_of_the_ratios()
    {
        var calibration = Calibration.Of([Row("01", "a", 20, 10), Row("04", "workloads won", 3, 0)]);
        Assert.Equal("a", Assert.Single(calibration.Scored).Row.What);
        Assert.Contains("workloads won, guessed 3, was 0 of 8", calibration.ToText(), StringComparison.Ordinal);
    }

    [Fact]
    public void One_guess_is_one_guess() => Assert.StartsWith("Of 1 guess, 1 came", Calibration.Of([Row("01", "a", 15, 10)]).ToText(), StringComparison.Ordinal);

    [Fact]
    public void The_chart_reaches_as_far_as_the_worst_guess_and_a_decade_at_least()
    {
        Assert.Equal(1, Edge(Row("01", "a", 15, 10)), 6);
        Assert.True(Edge(Row("01", "a", 15, 10), Row("01", "b", 1, 1e6)) > 6);

        static double Edge(params LedgerRow[] rows) => (double)Charts.Calibration(Calibration.Of(rows)).Figure["layout"]!["xaxis"]!["range"]![1]!;
    }

    internal static LedgerRow Row(string lesson, string what, double guess, double? measured) =>
        new() { Lesson = lesson, What = what, Unit = what.StartsWith("workloads", StringComparison.Ordinal) ? "of 8" : "ms", Guess = guess, Measured = measured, At = DateTimeOffset.UnixEpoch };
}
