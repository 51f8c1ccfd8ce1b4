using System.Text.Json;
using static Spark.Notebooks.Table;

namespace Spark.Notebooks;

/// <summary>Module 01's node, asked directly then, beside the same node behind a gateway now; or why the two cannot stand side by side.</summary>
public sealed record EarlierBaseline : Display
{
    const string Lesson = "01";
    const string Throughput = "continuous: output throughput";

    /// <summary>Null where there is nothing to compare with.</summary>
    public required Table? Table { get; init; }

    /// <summary>Why not; empty where there is.</summary>
    public required string Objection { get; init; }

    /// <param name="knobs">Those of the study: lengths must be the same as then.</param>
    public static EarlierBaseline Beside(ScalingStudy study, Knobs knobs) => Beside(study, knobs, Results.Load);

    internal static EarlierBaseline Beside(ScalingStudy study, Knobs knobs, Func<string, LessonResults> load)
    {
        LessonResults earlier;
        try
        {
            earlier = load(Lesson);
        }
        catch (FileNotFoundException)
        {
            return Without("module 01 was not run on this machine; run it, and its figures stand here");
        }

        var then = earlier.Knobs.Deserialize<Knobs>(JsonSerializerOptions.Web)!;
        return earlier.Machine != Machine.Here ? Without($"module 01 was run on another machine ({earlier.Machine.Cpu})")
            : (then.PromptTokens, then.OutputTokens, then.RangeRatio) != (knobs.PromptTokens, knobs.OutputTokens, knobs.RangeRatio)
                ? Without(FormattableString.Invariant($"module 01 used other lengths: {then.PromptTokens} and {then.OutputTokens} tokens ± {then.RangeRatio:0 %}"))
            : new() { Table = Of(study, earlier), Objection = "" };
    }

    public override string ToText() => Table?.ToText() ?? $"No comparison with module 01: {Objection}.";

    public override string ToHtml() => Table?.ToHtml() ?? Box(Palette.Neutral, Escape(ToText()));

    static EarlierBaseline Without(string objection) => new() { Table = null, Objection = objection };

    static Table Of(ScalingStudy study, LessonResults earlier)
    {
        var levels = study.Single.IntersectBy(earlier[Throughput].Points.Select(point => point.X), runs => runs.Runs[0].Concurrency).ToArray();
        var then = levels.Select(runs => earlier[Throughput].At(runs.Runs[0].Concurrency).Median).ToArray();
        return new(
            "One node: module 01, asked directly, and now, through the gateway",
            new(
                Numbers("in flight", levels.Select(runs => (double)runs.Runs[0].Concurrency)),
                Numbers("module 01 (tok/s)", then),
                Numbers("now (tok/s)", levels, run => run.OutputTokensPerSecond),
                Numbers("now ÷ then", levels.Zip(then, (runs, before) => runs.OutputTokensPerSecond.Median / before))),
            Provenance.All(Provenance.Recorded($"module 01 of {earlier.SavedAt:yyyy-MM-dd HH:mm} on this machine", "another session, so the machine may have been busier or quieter"), study.Provenance));
    }
}
