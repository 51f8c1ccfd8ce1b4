namespace Spark.Notebooks.Tests;

public class TurningKnobs
{
    public static TheoryData<string, Knobs> OutOfRange => new()
    {
        { "GpuMemoryUtilization is 0;", new() { GpuMemoryUtilization = 0 } },
        { "GpuMemoryUtilization is 1.01;", new() { GpuMemoryUtilization = 1.01 } },
        { "GpuMemoryUtilization is NaN;", new() { GpuMemoryUtilization = double.NaN } },
        { "MaxNumSeqs is 0;", new() { MaxNumSeqs = 0 } },
        { "MaxNumBatchedTokens is -1;", new() { MaxNumBatchedTokens = -1 } },
        { "MaxModelLen is 1;", new() { MaxModelLen = 1 } },
        { "MaxModelLen is 600;", new() { MaxModelLen = 600, PromptTokens = 500, OutputTokens = 101 } },
        { "KvCacheDtype is fp8;", new() { KvCacheDtype = "fp8" } },
        { "Concurrency is 0;", new() { Concurrency = 0 } },
        { "PromptTokens is 0;", new() { PromptTokens = 0 } },
        { "OutputTokens is 0;", new() { OutputTokens = 0 } },
        { "RangeRatio is 1;", new() { RangeRatio = 1 } },
        { "Requests is 0;", new() { Requests = 0 } },
        { "Repeats is 0;", new() { Repeats = 0 } },
    };

    [Theory]
    [MemberData(nameof(OutOfRange))]
    public void A_knob_out_of_range_is_named_with_its_value(string named, Knobs knobs) =>
        Assert.StartsWith(named, Assert.Throws<ArgumentException>(knobs.Validate).Message);

    [Fact]
    public void The_defaults_are_in_range() => new Knobs().Validate();

    [Fact]
    public void A_context_that_just_holds_the_longest_request_is_enough() =>
        new Knobs { MaxModelLen = 900, PromptTokens = 500, OutputTokens = 100, RangeRatio = 0.5 }.Validate();
}
