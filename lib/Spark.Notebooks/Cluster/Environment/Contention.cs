namespace Spark.Notebooks;

/// <summary>What nodes keep up alone and while all of them work: two nodes that take nothing from one another are two machines' worth of computing.</summary>
public sealed record Contention(IReadOnlyList<NodeRates> Alone, IReadOnlyList<NodeRates> Together)
{
    /// <summary>Median FLOP/s together over alone.</summary>
    public double KeptFlop(string node) => Kept(node, rates => rates.FlopPerSecond);

    /// <summary>Median bytes read a second, together over alone.</summary>
    public double KeptReads(string node) => Kept(node, rates => rates.ReadBytesPerSecond);

    double Kept(string node, Func<NodeRates, Distribution> figure) => figure(Of(Together, node)).Median / figure(Of(Alone, node)).Median;

    static NodeRates Of(IReadOnlyList<NodeRates> rates, string node) => rates.Single(rate => rate.Node == node);
}
