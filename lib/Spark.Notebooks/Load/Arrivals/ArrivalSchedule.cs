namespace Spark.Notebooks;

/// <summary>When the requests of an open loop are due, as <c>vllm bench serve</c> plans it: the whole schedule up front, its last request at exactly count ÷ rate.</summary>
public static class ArrivalSchedule
{
    /// <summary>Equal gaps.</summary>
    public static IReadOnlyList<TimeSpan> Constant(int count, double requestsPerSecond)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(requestsPerSecond);
        return [.. Enumerable.Range(1, count).Select(i => TimeSpan.FromSeconds(i / requestsPerSecond))];
    }

    /// <summary>Gaps of an exponential distribution, as of many users who know nothing of one another, stretched so that the rate is exact.</summary>
    public static IReadOnlyList<TimeSpan> Poisson(int count, double requestsPerSecond, Random random)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(requestsPerSecond);
        var sum = 0.0;
        double[] times = [.. Enumerable.Range(0, count).Select(_ => sum -= Math.Log(1 - random.NextDouble()))];
        return [.. times.Select(time => TimeSpan.FromSeconds(time / sum * count / requestsPerSecond))];
    }
}
