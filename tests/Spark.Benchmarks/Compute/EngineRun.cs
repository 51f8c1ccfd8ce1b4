using System.Diagnostics;
using Spark.Engine;

namespace Spark.Benchmarks;

/// <summary>Drives an engine step by step with random tokens and times what is asked for.</summary>
sealed class EngineRun(Engine.Engine engine, int vocabulary)
{
    const int Steps = 64;
    readonly Random random = new(1);
    int requests;

    /// <summary>Seconds from a fresh prompt to its first token.</summary>
    public double Prefill(int tokens)
    {
        Add(tokens, 1);
        var started = Stopwatch.GetTimestamp();
        while (engine.HasWork)
            engine.Step();
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    /// <summary>Seconds a step in which this many sequences, each with about this context, get one token each.</summary>
    public double DecodeStep(int batch, int context)
    {
        for (var i = 0; i < batch; i++)
            Add(context, Steps + 16);
        while (engine.Step().Count < batch)
        {
        }
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < Steps; i++)
            engine.Step();
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds / Steps;
        while (engine.HasWork)
            engine.Step();
        return seconds;
    }

    /// <summary>Tokens a second of a batch that decodes from its first tokens to its last.</summary>
    public double Decode(int batch, int promptTokens, int outputTokens)
    {
        for (var i = 0; i < batch; i++)
            Add(promptTokens, outputTokens);
        while (engine.Step().Count < batch)
        {
        }
        var started = Stopwatch.GetTimestamp();
        while (engine.HasWork)
            engine.Step();
        return batch * (outputTokens - 1) / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    public void Add(int promptTokens, int outputTokens) => engine.Add(Request(promptTokens, outputTokens));

    public EngineRequest Request(int promptTokens, int outputTokens) => new(
        $"{requests++}", [.. Enumerable.Range(0, promptTokens).Select(_ => random.Next(vocabulary))], new SamplingParams { Temperature = 0, IgnoreEos = true, MaxTokens = outputTokens });
}
