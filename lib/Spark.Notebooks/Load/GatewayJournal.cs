namespace Spark.Notebooks;

/// <summary>Adds to a run's timelines what the gateway remembers of each request, found by its id.</summary>
internal static class GatewayJournal
{
    static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(5);
    static readonly TimeSpan Deadline = TimeSpan.FromSeconds(1);

    public static async Task<IReadOnlyList<RequestTimeline>> JoinAsync(Gateway? gateway, string runName, IReadOnlyList<RequestTimeline> requests, TimeProvider time, CancellationToken cancellation)
    {
        if (gateway is null)
            return requests;
        // A stream ends for its reader a little before the gateway has written it down.
        for (var asked = time.GetTimestamp(); ; await Task.Delay(PollInterval, cancellation))
        {
            var routed = gateway.Routed.Where(request => request.Id.StartsWith(runName, StringComparison.Ordinal)).DistinctBy(request => request.Id).ToDictionary(request => request.Id);
            if (requests.All(request => routed.ContainsKey(CompletionClient.RequestId(runName, request.Index))) || time.GetElapsedTime(asked) > Deadline)
                return [.. requests.Select(request => Join(request, routed.GetValueOrDefault(CompletionClient.RequestId(runName, request.Index))))];
        }
    }

    static RequestTimeline Join(RequestTimeline request, RoutedRequest? routed) => request with { Routed = routed, Node = routed?.Answer?.Backend ?? request.Node };
}
