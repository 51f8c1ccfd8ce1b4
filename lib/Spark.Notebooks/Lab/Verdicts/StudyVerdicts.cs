namespace Spark.Notebooks;

/// <summary>What a study's grid says, and what a model of it would have said.</summary>
public static class StudyVerdicts
{
    public static ArchitectureVerdict Verdict(this ArchitectureStudy study) => new([.. study.Rows()], study);

    /// <summary>Who won where.</summary>
    public static WinnerMap Map(this ArchitectureStudy study) => new("measured", [.. study.Rows().Select(WinnerCell.Of)], study.Provenance);

    /// <summary>
    /// The same grid computed: the study's own arrivals and lengths through <see cref="ServingModel"/>, whose two ceilings are lowered to what lone requests reached,
    /// so that the map is about architecture and not about how good the kernels are.
    /// </summary>
    public static WinnerMap PredictedMap(this ArchitectureStudy study, Roofline roofline, ModelShape shape)
    {
        var reached = Reached.By(study, roofline, shape);
        var model = new ServingModel(shape, reached.Of(roofline));
        return new("predicted", [.. study.Rows().Select(row => WinnerCell.Predicted(row, model))], Provenance.Computed(
            $"continuous batching step by step, a step taking the slower of its FLOP and its bytes on ceilings of which lone requests reached {reached}; transfers, HTTP and scheduling are free in it"));
    }

    internal static IEnumerable<VerdictRow> Rows(this ArchitectureStudy study) =>
        from mix in study.Plan.Mixes
        from rate in study.Plan.Rates
        select new VerdictRow(study.Under(mix, rate));
}
