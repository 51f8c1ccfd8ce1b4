namespace Spark.Notebooks;

public static partial class Check
{
    /// <summary>By how much do the ceilings let several nodes that share a batch evenly decode faster than one node with all of it?</summary>
    public static Verdict ScalingGain(Roofline roofline, ModelShape shape, int batch, int nodes, int context, double? answer) =>
        ScalingGain(roofline, shape, batch, nodes, context).Check(answer);

    internal static Exercise ScalingGain(Roofline roofline, ModelShape shape, int batch, int nodes, int context)
    {
        var whole = roofline.Predict(shape.DecodeStep(batch, context)).TotalMilliseconds;
        var share = roofline.Predict(shape.DecodeStep(batch / nodes, context)).TotalMilliseconds;
        return new()
        {
            Question = $"{batch} sequences of {context} tokens decode on one node, or {batch / nodes} on each of {nodes}. How many times the tokens a second do {nodes} nodes give at most?",
            Right = whole / share,
            Unit = "times",
            Tolerance = 0.05,
            Because = $"A step of {batch} takes {Figures.Show(whole, "ms")} on one node, a step of {batch / nodes} on each of {nodes} takes {Figures.Show(share, "ms")}, and both yield {batch} tokens. "
                + "Every node reads all weights in each step, however few sequences share the read.",
            Hint = $"how much longer is a step for {batch} sequences than one for {batch / nodes}?",
            Formula = $"roof.Predict(shape.DecodeStep({batch}, {context})) ÷ roof.Predict(shape.DecodeStep({batch / nodes}, {context})).",
            CommonMistakes =
            [
                new(nodes, "That would be so if half the sequences took half the time. How much of a step is reading weights, which both nodes do?"),
                new(share / whole, "That is the slower over the faster, upside down."),
                new(whole - share, "That is the difference of the two step times in ms; a ratio is wanted."),
            ],
        };
    }
}
