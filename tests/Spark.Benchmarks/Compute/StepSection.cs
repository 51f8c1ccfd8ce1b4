using System.Diagnostics;
using Spark.Engine;

namespace Spark.Benchmarks;

/// <summary>What a decode step costs beside its forward pass, and what its thread leaves to the garbage collector.</summary>
static class StepSection
{
    const int Context = 16, Steps = 256, WarmUpSteps = 64;

    public static async IAsyncEnumerable<Row> RunAsync(SectionOptions options)
    {
        EngineUnderTest.Pin(options.Core);
        using var engine = new EngineUnderTest(options.Model);
        yield return Row.Measure("a step but for its forward pass, 1 sequence", "us", options.Repeats, () => Overhead(engine), "the forward pass", Reach.AtMost(0.03));
        var samples = new List<Sample>();
        for (var i = 0; i < options.Repeats; i++)
            samples.Add(new(await AllocatedPerTokenAsync(engine)));
        yield return new() { Name = "allocated on the engine's thread", Unit = "B/token", Samples = samples, Reach = Reach.AtMost(0, "B/token") };
    }

    static Sample Overhead(EngineUnderTest engine)
    {
        engine.Run.Add(Context, Steps + 1);
        engine.Engine.Step();
        var (whole, forward) = (TimeSpan.Zero, TimeSpan.Zero);
        for (var i = 0; i < Steps; i++)
        {
            var began = Stopwatch.GetTimestamp();
            engine.Engine.Step();
            whole += Stopwatch.GetElapsedTime(began);
            forward += engine.Engine.ForwardTime;
        }
        return new((whole - forward).TotalMicroseconds / Steps, forward.TotalMicroseconds / Steps);
    }

    // Read by the engine's own thread after each step, while a client reads the answer as the server does.
    static async Task<double> AllocatedPerTokenAsync(EngineUnderTest engine)
    {
        using var serving = new AsyncEngine(new(engine.Model, engine.Capacity, engine.Options, TimeProvider.System), engine.Model, engine.Capacity, engine.Options, EngineLog.None);
        var (steps, first, last) = (0, 0L, 0L);
        serving.Stepped += _ =>
        {
            steps++;
            if (steps == WarmUpSteps)
                first = GC.GetAllocatedBytesForCurrentThread();
            if (steps == WarmUpSteps + Steps)
                last = GC.GetAllocatedBytesForCurrentThread();
        };
        await foreach (var _ in serving.GenerateAsync(engine.Run.Request(Context, WarmUpSteps + Steps + 1), CancellationToken.None))
        {
        }
        return (double)(last - first) / Steps;
    }
}
