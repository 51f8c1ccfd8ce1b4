using System.Reflection;

namespace Spark.Notebooks.Tests;

public class Exercises
{
    static readonly KvCapacity Capacity = new()
    {
        Shape = ShapeFiles.Tales,
        DeviceMemory = ByteSize.FromMiB(768),
        Utilization = 0.5,
        Activations = new(25_000_001),
    };

    public static TheoryData<string, Exercise> All { get; } = new()
    {
        { "KV tokens", Check.KvTokens(Capacity) },
        { "decode step, bound by computing", Check.DecodeStep(Samples.Roofline, ShapeFiles.Tales, 8, 512) },
        { "decode step, bound by reading", Check.DecodeStep(Recorded.H100().Roofline, ShapeFiles.Llama8B, 8, 512) },
        { "compute-bound here", Check.ComputeBoundFrom(new(235e9, 20e9), ShapeFiles.Tales) },
        { "compute-bound on the H100", Check.ComputeBoundFrom(Recorded.H100().Roofline, ShapeFiles.Llama8B) },
        { "request latency", Check.RequestLatency(Recorded.SparkBatch()) },
        { "ridge", Check.RidgeExercise(Samples.Roofline) },
        { "transfer time, block", Check.TransferTime(Samples.Link("tcp", 50).LatencyAndBandwidth, new(64 << 10)) },
        { "transfer time, recorded", Check.TransferTime(Recorded.SparkSockets()["TCP 4 streams"], ShapeFiles.Llama8B.KvBytesInBlocks(1)) },
        { "KV of a token", Check.KvPerToken(ModelShape.Named("Llama-3.1-70B")) },
        { "break-even", Check.BreakEven(Recorded.H100Prefill(), 4096) },
        { "knee", Check.KneeExercise(Samples.Runs) },
        { "scaling gain, bound by computing", Check.ScalingGain(Samples.Roofline, ShapeFiles.Tales, 8, 2, 64) },
        { "scaling gain, bound by reading", Check.ScalingGain(Recorded.H100().Roofline, ShapeFiles.Llama8B, 8, 2, 64) },
        { "quick replica", Check.QuickReplica(Recorded.SparkReplicatedBatch()) },
        { "stall", Check.Stall(Samples.Roofline, ShapeFiles.Tales, 1024) },
        { "half bandwidth", Check.HalfBandwidth(Samples.Link("tcp", 50).LatencyAndBandwidth) },
        { "Little's law", Check.LittlesLaw(16, 0.42, 36.5) },
        { "prefill capacity", Check.PrefillCapacity(Samples.Roofline, ShapeFiles.Tales, 768) },
        { "prefill per decode", Check.PrefillPerDecode("rag at 20/s", 82.5, 31.2) },
    };

    [Theory, MemberData(nameof(All))]
    public void The_stub_fails_with_a_hint_and_no_exception(string name, Exercise exercise)
    {
        var verdict = exercise.Check(Blank.___);
        Assert.Equal(Outcome.NoAnswer, verdict.Outcome);
        Assert.False(verdict.Passed, name);
        Assert.Contains(exercise.Hint, verdict.Message, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(All))]
    public void The_right_answer_passes(string name, Exercise exercise) => Assert.True(exercise.Check(exercise.Right).Passed, name);

    [Theory, MemberData(nameof(All))]
    public void Some_other_number_fails_without_giving_the_answer_away(string name, Exercise exercise)
    {
        var verdict = exercise.Check((exercise.Right * 41.7) + 3);
        Assert.Equal(Outcome.Wrong, verdict.Outcome);
        Assert.DoesNotContain(exercise.Because, verdict.Message, StringComparison.Ordinal);
        Assert.Contains(exercise.Formula, verdict.Message, StringComparison.Ordinal);
        Assert.Contains("too high", verdict.Message, StringComparison.Ordinal);
        Assert.NotEmpty(name);
    }

    [Theory, MemberData(nameof(All))]
    public void The_second_hint_says_more_than_the_first(string name, Exercise exercise)
    {
        Assert.NotEqual(exercise.Hint, exercise.Formula);
        Assert.False(exercise.Check(Blank.___).Message.Contains(exercise.Formula, StringComparison.Ordinal), name);
    }

    [Theory, MemberData(nameof(All))]
    public void What_is_no_number_is_told_from_a_wrong_one(string name, Exercise exercise) => Assert.All([double.NaN, double.PositiveInfinity, double.NegativeInfinity], answer =>
    {
        var verdict = exercise.Check(answer);
        Assert.False(verdict.Passed, name);
        Assert.Contains("no number that could be compared", verdict.Message, StringComparison.Ordinal);
    });

    [Fact]
    public void Every_check_that_the_course_offers_is_among_those_tested_here() => Assert.Equal(
        typeof(Check).GetMethods(BindingFlags.Public | BindingFlags.Static).Count(method => method.ReturnType == typeof(Verdict)),
        All.Select(row => Kind(row.Data.Item1)).Distinct().Count());

    [Fact]
    public void What_a_run_did_not_measure_stays_open()
    {
        var verdict = Check.PrefillPerDecode("rag at 20/s", double.NaN, 31).Check(2);
        Assert.Equal(Outcome.NoAnswer, verdict.Outcome);
        Assert.Contains("did not measure", verdict.Message, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(All))]
    public void Every_common_mistake_is_named_unless_it_leads_to_the_right_number_here(string name, Exercise exercise)
    {
        Assert.NotEmpty(exercise.CommonMistakes);
        Assert.All(exercise.CommonMistakes, mistake =>
        {
            var verdict = exercise.Check(mistake.Value);
            Assert.True(verdict.Passed || verdict.Outcome == Outcome.KnownMistake, $"{name}: {mistake.Why}");
        });
        Assert.Contains(exercise.CommonMistakes, mistake => !exercise.Check(mistake.Value).Passed && exercise.Check(mistake.Value).Message.EndsWith(mistake.Why, StringComparison.Ordinal));
    }

    [Fact]
    public void KV_tokens_without_the_factor_two_for_K_and_V_are_recognised() =>
        Assert.Contains("key and a value", Check.KvTokens(Capacity, Capacity.Tokens * 2).Message, StringComparison.Ordinal);

    [Fact]
    public void KV_tokens_without_block_rounding_are_recognised() =>
        Assert.Contains("whole blocks", Check.KvTokens(Capacity, Capacity.Available.Bytes / 4096.0).Message, StringComparison.Ordinal);

    [Fact]
    public void KV_tokens_from_rounded_figures_are_right() => Assert.True(Check.KvTokens(Capacity, 0.998 * Capacity.Tokens).Passed);

    [Fact]
    public void KV_tokens_with_utilization_of_what_is_left_are_recognised()
    {
        var left = Capacity.DeviceMemory - Capacity.Shape.WeightBytes - Capacity.Activations;
        Assert.Contains("share of the whole", Check.KvTokens(Capacity, 0.5 * left.Bytes / 4096).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_compute_ceiling_for_a_decode_step_that_reads_is_recognised()
    {
        var gpu = Recorded.H100();
        var compute = gpu.Roofline.ComputeTime(gpu.Shape.DecodeStep(8, 512)).TotalMilliseconds;
        Assert.Contains("compute ceiling alone", Check.DecodeStep(gpu.Roofline, gpu.Shape, 8, 512, compute).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Wall_time_over_batch_size_is_not_a_latency() =>
        Assert.Contains("1 ÷ throughput", Check.RequestLatency(Recorded.SparkBatch(), 816.6).Message, StringComparison.Ordinal);

    [Fact]
    public void The_highest_throughput_is_not_the_knee()
    {
        Assert.True(Check.Knee(Samples.Runs, 4).Passed);
        Assert.Equal(Outcome.KnownMistake, Check.Knee(Samples.Runs, 1).Outcome);
    }

    [Fact]
    public void Counting_all_heads_instead_of_KV_heads_is_recognised() =>
        Assert.Contains("only the 8 KV heads count", Check.KvPerToken(ModelShape.Named("Llama-3.1-70B"), 80 * 2 * 64 * 128 * 2).Message, StringComparison.Ordinal);

    // "stall, recorded" is another case of "stall".
    static string Kind(string name) => name.Split(',')[0].Split(" on the ")[0].Split(" here")[0];

    [Fact]
    public void A_break_even_in_bits_is_recognised() =>
        Assert.Contains("Gbit/s", Check.BreakEven(Recorded.H100Prefill(), 4096, 8 * Check.BreakEven(Recorded.H100Prefill(), 4096).Right).Message, StringComparison.Ordinal);
}
