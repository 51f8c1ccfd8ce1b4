namespace Spark.Notebooks;

/// <summary>What nodes keep up alone and while all of them work: two nodes that take nothing from one another are two machines' worth of computing.</summary>
public sealed record Contention(IReadOnlyList<NodeRates> Alone, IReadOnlyList<NodeRates> Together)
{
    /// <summary>More speed together than alone, beyond this, is no gain: something else took from the nodes while they were measured alone.</summary>
    const double Gain = 1.15;

    /// <summary>Whether other programs took so much while this was measured that it tells nothing of the nodes.</summary>
    public bool IsDisturbed => Alone.Any(node => !node.IsSteady) || Alone.Any(node => KeptFlop(node.Node) > Gain || KeptReads(node.Node) > Gain);

    /// <summary>Median FLOP/s together over alone.</summary>
    public double KeptFlop(string node) => Kept(node, rates => rates.FlopPerSecond);

    /// <summary>Median bytes read a second, together over alone.</summary>
    public double KeptReads(string node) => Kept(node, rates => rates.ReadBytesPerSecond);

    double Kept(string node, Func<NodeRates, Distribution> figure) => figure(Of(Together, node)).Median / figure(Of(Alone, node)).Median;

    static NodeRates Of(IReadOnlyList<NodeRates> rates, string node) => rates.Single(rate => rate.Node == node);
}
