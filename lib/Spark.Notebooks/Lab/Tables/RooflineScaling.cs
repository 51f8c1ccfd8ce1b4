using static Spark.Notebooks.Table;

namespace Spark.Notebooks;

/// <summary>Strong scaling as far as two ceilings allow it.</summary>
public static class RooflineScaling
{
    /// <summary>Least times of a decode step with all sequences on one node, and with an even share of them on each of several; what does not divide evenly counts as a whole sequence.</summary>
    public static Table ScalingGains(this Roofline roofline, ModelShape shape, int nodes, int context, params IReadOnlyList<int> sequences)
    {
        var one = sequences.Select(count => roofline.Predict(shape.DecodeStep(count, context)).TotalMilliseconds).ToArray();
        var many = sequences.Select(count => roofline.Predict(shape.DecodeStep((count + nodes - 1) / nodes, context)).TotalMilliseconds).ToArray();
        return new(
            $"What the ceilings allow: decode steps on one node and on {nodes}",
            new(
                Numbers("sequences", sequences.Select(count => (double)count)),
                Numbers("step on one node (ms)", one),
                Numbers($"step on each of {nodes} (ms)", many),
                Numbers("gain at most (times)", one.Zip(many, (whole, share) => whole / share)),
                Words("one node's step is bound by", sequences.Select(count => roofline.IsComputeBound(shape.DecodeStep(count, context)) ? "computing" : "reading"))),
            Provenance.Computed($"the longer of FLOP ÷ {Figures.Si(roofline.FlopPerSecond, "FLOP/s")} and bytes ÷ {Figures.Si(roofline.BytesPerSecond, "B/s")}, for {context} tokens of context a sequence"));
    }
}
