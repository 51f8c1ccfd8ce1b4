namespace Spark.Notebooks.Tests;

public class KvTablesAndKeyPoints
{
    static readonly Recompute Spark = Recorded.SparkPrefill(ShapeFiles.Llama8B);
    static readonly NodeLink[] Links = [Samples.Link("tcp", 50), Samples.Link("shm", 1)];

    [Fact]
    public void The_pool_table_holds_the_formula_against_what_vLLM_logged()
    {
        var text = KvTable.Pool(Recorded.SparkKvCache(), ShapeFiles.Llama8B).ToText();
        Assert.All(["147,152", "147,128", "137,023", "131,072"], figure => Assert.Contains(figure, text, StringComparison.Ordinal));
    }

    [Fact]
    public void The_pool_that_was_logged_lies_within_what_its_two_decimals_can_mean()
    {
        var tokens = KvTable.Pool(Recorded.SparkKvCache(), ShapeFiles.Llama8B).Frame["tokens"];
        Assert.InRange((double)tokens[0]!, (double)tokens[2]!, (double)tokens[3]!);
    }

    [Fact]
    public void Every_model_has_a_row_in_the_tables()
    {
        ModelShape[] shapes = [.. ModelShape.Catalogue(), ModelShape.Shipped];
        Assert.Equal(shapes.Length, KvTable.Models(shapes, 2048).Frame.Rows.Count);
        Assert.Equal(shapes.Length - 1, KvTable.Checked(shapes).Frame.Rows.Count);
        Assert.All(shapes, shape => Assert.True(KvTable.Variants(shape, 64).Frame.Rows.Count >= 4));
    }

    [Fact]
    public void A_transfer_table_tells_assumptions_from_recordings()
    {
        var table = KvTable.Transfers(Spark, 2048, 16, Recorded.SparkNixl(), Recorded.CourseAssumptions());
        Assert.Equal(["a recording", "a recording", "a recording", "a recording", "an assumption", "an assumption"], table.Frame["known from"].Cast<string>());
    }

    [Fact]
    public void Smaller_pieces_never_take_less_time()
    {
        var table = KvTable.Pieces(Recorded.SparkNixl()["NIXL host memory"], ByteSize.FromMiB(256), ("whole", ByteSize.FromMiB(256)), ("block", ByteSize.FromMiB(2)), ("layer", new(64 << 10)), ("token", new(4 << 10)));
        var times = table.Frame["all, one after another (ms)"].Cast<double>().ToArray();
        Assert.Equal(times.Order(), times);
    }

    [Fact]
    public void Key_points_say_that_bytes_agree_and_how_far_the_formula_was_off()
    {
        var text = Points(Samples.Moves);
        Assert.Contains("exactly the bytes", text, StringComparison.Ordinal);
        Assert.Contains("Over tcp the engines took 1× to 1×", text, StringComparison.Ordinal);
        Assert.Contains("faster over shm", text, StringComparison.Ordinal);
        Assert.Contains("moving loses over NIXL GPU memory", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Key_points_say_the_opposite_where_the_run_did()
    {
        var moves = Samples.Moves with { Moves = [.. Samples.Moves.Moves.Select(move => move with { Moved = new(1), Prefill = new([1e-6], "ms") })] };
        Assert.Contains("did not move the bytes", Points(moves), StringComparison.Ordinal);
        Assert.Contains("slower over shm", Points(moves), StringComparison.Ordinal);
    }

    [Fact]
    public void The_moves_are_kept_as_series_with_all_repeats()
    {
        var series = Samples.Moves.ToSeries().ToArray();
        Assert.Equal(["tcp: KV transfer", "tcp: prefill", "tcp: TTFT of one token", "shm: KV transfer", "shm: prefill", "shm: TTFT of one token"], series.Select(one => one.Name));
        Assert.All(series.SelectMany(one => one.Points), point => Assert.Equal(2, point.Values.Count));
    }

    static string Points(KvMoves moves) => KeyPoints.KvCache(ModelShape.Catalogue(), Spark, new(), [Recorded.SparkNixl(), Recorded.CourseAssumptions()], moves, Links).ToText();
}
