namespace Spark.Notebooks;

/// <summary>Policies by name.</summary>
internal static class RoutingPolicies
{
    public const string PrefillDecode = "prefill-decode";

    static readonly Dictionary<string, Func<Random, IRoutingPolicy>> ByName = new()
    {
        ["round-robin"] = _ => new RoundRobin(),
        ["least-requests"] = _ => new LeastRequests(),
        ["power-of-two"] = random => new PowerOfTwoChoices(random),
        [PrefillDecode] = _ => new RoundRobin(),
    };

    /// <exception cref="ArgumentException">There is none of that name; the message lists those that there are.</exception>
    public static IRoutingPolicy Create(string name, Random random) => ByName.TryGetValue(name, out var create)
        ? create(random)
        : throw new ArgumentException($"There is no policy \"{name}\". Policy is one of {string.Join(", ", ByName.Keys)}.", nameof(name));
}
