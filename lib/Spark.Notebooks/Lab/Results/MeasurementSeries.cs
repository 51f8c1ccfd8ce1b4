namespace Spark.Notebooks;

/// <summary>Module 00's measurements as the series that a results file keeps.</summary>
public static class MeasurementSeries
{
    public static Series ToSeries(this NodeLink link) => new()
    {
        Name = $"{link.Transport} between nodes",
        X = "message bytes",
        Unit = "µs",
        Provenance = Provenance.Of(link).Text,
        Points = [.. link.Messages.Select(message => new SeriesPoint(message.Size.Bytes, message.Microseconds.Values))],
    };

    /// <summary>Both rates of every node, alone and together; a node's number in the cluster is its x.</summary>
    public static IEnumerable<Series> ToSeries(this Contention contention) =>
        from side in new[] { ("alone", contention.Alone), ("together", contention.Together) }
        from figure in new (string Name, Func<NodeRates, Distribution> Of)[] { ("multiply-adds", rates => rates.FlopPerSecond), ("reads", rates => rates.ReadBytesPerSecond) }
        select new Series
        {
            Name = $"{figure.Name} {side.Item1}",
            X = "node",
            Unit = figure.Of(side.Item2[0]).Unit,
            Provenance = Provenance.Of(contention).Text,
            Points = [.. side.Item2.Select((rates, node) => new SeriesPoint(node, figure.Of(rates).Values))],
        };
}
