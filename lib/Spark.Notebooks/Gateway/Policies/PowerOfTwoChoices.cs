namespace Spark.Notebooks;

/// <summary>Of two different ones drawn at random, the one with fewer requests at work (Mitzenmacher 2001).</summary>
internal sealed class PowerOfTwoChoices(Random random) : IRoutingPolicy
{
    public string Name => "power-of-two";

    public int Choose(ReadOnlySpan<int> inFlight)
    {
        if (inFlight.Length == 1)
            return 0;
        var first = random.Next(inFlight.Length);
        var second = random.Next(inFlight.Length - 1);
        if (second >= first)
            second++;
        return inFlight[second] < inFlight[first] ? second : first;
    }
}
