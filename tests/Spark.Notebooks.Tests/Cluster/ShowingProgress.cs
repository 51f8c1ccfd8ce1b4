using Microsoft.Extensions.Time.Testing;

namespace Spark.Notebooks.Tests;

public sealed class ShowingProgress : IDisposable
{
    readonly FakeTimeProvider time = new();
    readonly StringWriter output = new() { NewLine = "\n" };

    [Fact]
    public void A_short_task_shows_its_last_line_alone()
    {
        using (var progress = new ProgressLine(output, time))
        {
            progress.Show("sweep", 1, 2);
            progress.Finish("sweep: done");
        }

        Assert.Equal("\rsweep: done\n", output.ToString());
    }

    [Fact]
    public void A_long_task_shows_how_much_time_is_left_at_this_pace_a_few_times_a_second()
    {
        using var progress = new ProgressLine(output, time);
        for (var done = 1; done <= 10; done++)
        {
            time.Advance(TimeSpan.FromMilliseconds(100));
            progress.Show("sweep", done, 40);
        }

        Assert.Equal("\rsweep 3/40, 4 s left\rsweep 6/40, 3 s left\rsweep 9/40, 3 s left", output.ToString());
    }

    [Fact]
    public void A_shorter_text_leaves_nothing_of_the_longer_one_before_it()
    {
        using var progress = new ProgressLine(output, time);
        time.Advance(TimeSpan.FromSeconds(1));
        progress.Show("a long text");
        progress.Finish("short");
        Assert.Equal("\ra long text\rshort      \n", output.ToString());
    }

    [Fact]
    public void A_task_that_fails_ends_its_line()
    {
        using (var progress = new ProgressLine(output, time))
        {
            time.Advance(TimeSpan.FromSeconds(1));
            progress.Show("half");
        }

        Assert.Equal("\rhalf\n", output.ToString());
    }

    public void Dispose() => output.Dispose();
}
