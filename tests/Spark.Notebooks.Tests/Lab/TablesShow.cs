using Microsoft.Data.Analysis;
using Microsoft.DotNet.Interactive.Formatting;

namespace Spark.Notebooks.Tests;

public class TablesShow
{
    [Fact]
    public void A_summary_of_a_run_has_the_definitions_of_its_timelines()
    {
        var frame = Samples.Run(4).Summary().Frame;
        Assert.Equal(["metric", "median", "p90", "p99", "lowest", "highest", "values"], frame.Columns.Select(column => column.Name));
        Assert.Equal(["TTFT (ms)", "ITL (ms)", "TPOT (ms)", "E2EL (ms)"], frame.Rows.Select(row => row[0]));
        Assert.Equal([40.0, 2.0, 2.0, 166.0], frame.Rows.Select(row => Math.Round((double)row[1], 9)));
        Assert.Equal([4.0, 4.0 * 63, 4.0, 4.0], frame.Rows.Select(row => (double)row[6]));
    }

    [Fact]
    public void A_summary_of_several_loads_has_a_row_each_and_units_in_its_heads()
    {
        var table = Samples.Runs.Summary("Continuous batching");
        Assert.Equal([1.0, 2, 4, 8, 16], table.Frame.Rows.Select(row => (double)row[0]));
        Assert.All(table.Frame.Columns.Skip(1), column => Assert.Matches(@"\((ms|tok/s|%)\)$", column.Name));
    }

    [Fact]
    public void The_log_stands_beside_the_arithmetic()
    {
        var log = EngineLog.Parse(
        [
            "INFO Model loading took 0.0460 GiB memory and 0.021 seconds",
            "INFO Available KV cache memory: 0.150 GiB",
            "INFO GPU KV cache size: 39,312 tokens",
            "INFO Maximum concurrency for 2,048 tokens per request: 19.20x",
        ]);
        var capacity = DeploymentExtensions.KvCapacityOf(ShapeFiles.Tales, ByteSize.FromMiB(768), 0.3, log);

        Assert.Equal(ByteSize.FromGiB(0.15), capacity.Available);
        Assert.InRange(capacity.Tokens, 39_300, 39_330);
        var rows = log.Against(capacity).Frame.Rows.ToDictionary(row => (string)row[0], row => (Logged: (double)row[1], Computed: (double)row[2]));
        Assert.Equal(rows["weights (MiB)"].Logged, rows["weights (MiB)"].Computed, 0.2);
        Assert.Equal(39_312, rows["KV cache (tokens)"].Logged);
        Assert.Equal(19.2, rows["requests of 2,048 tokens at once"].Computed, 0.01);
    }

    [Fact]
    public void A_model_and_a_node_are_summed_up_with_their_formulas()
    {
        var model = ShapeFiles.Tales.Summary().Frame.Rows.ToDictionary(row => row[0], row => row[1]);
        Assert.Equal("24,650,240", model["parameters"]);
        Assert.Equal("49.3 MB = 47.02 MiB", model["weights"]);
        Assert.Equal("4,096 B", model["KV cache a token"]);
        Assert.Equal([235e9 / 200e9, 235e9 / 45e9], Samples.Ceilings.Summary().Frame.Rows.Select(row => (double)row[2]));
    }

    [Fact]
    public void Recorded_batches_are_summed_up_as_recorded()
    {
        var table = new[] { Recorded.SparkSingle(), Recorded.SparkBatch() }.Summary();
        Assert.Equal("recorded", table.Provenance.Kind);
        Assert.Equal([14.547, 122.511], table.Frame.Rows.Select(row => Math.Round((double)row[3], 3)));
    }

    [Fact]
    public void The_roofline_of_a_model_reads_at_the_pace_of_a_buffer_that_holds_its_weights() => Assert.Multiple(
        () => Assert.Equal(new(235e9, 45e9), Samples.Ceilings.Roofline(ShapeFiles.Tales)),
        () => Assert.Equal(new(235e9, 200e9), Samples.Ceilings.Roofline(ShapeFiles.Tales with { Layers = 0, Vocab = 64 })));

    [Fact]
    public void A_table_shows_as_HTML_with_its_provenance()
    {
        var html = Formatter.ToDisplayString(Samples.Sweep("TTFT", 16, 1024).Summary(), "text/html");
        Assert.Equal(["text/html", "text/plain"], Formatter.GetPreferredMimeTypesFor(typeof(Table)));
        Assert.Contains("Measured in this session", html, StringComparison.Ordinal);
        Assert.Contains(">1,024<", html, StringComparison.Ordinal);
        Assert.Contains(">309<", html, StringComparison.Ordinal);
    }

    [Fact]
    public void A_bare_frame_shows_as_a_table_too_once_a_lesson_has_begun()
    {
        Formatters.Register();
        var frame = new DataFrame(new StringDataFrameColumn("who", ["<b>", null!]), new DoubleDataFrameColumn("how much", [0.0123456, null]));
        var html = Formatter.ToDisplayString(frame, "text/html");
        Assert.Contains("&lt;b&gt;", html, StringComparison.Ordinal);
        Assert.Contains(">0.0123<", html, StringComparison.Ordinal);
        Assert.Contains(">–<", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "0")]
    [InlineData(1234567, "1,234,567")]
    [InlineData(12.345, "12.3")]
    [InlineData(2, "2")]
    [InlineData(-0.5, "−0.5")]
    [InlineData(double.NaN, "–")]
    public void Numbers_have_the_digits_that_matter(double value, string text) => Assert.Equal(text, Figures.Show(value));

    [Theory]
    [InlineData(235e9, "235 GFLOP/s")]
    [InlineData(777.28e12, "777 TFLOP/s")]
    [InlineData(999, "999 FLOP/s")]
    public void Large_numbers_have_a_prefix(double value, string text) => Assert.Equal(text, Figures.Si(value, "FLOP/s"));
}
