using System.Diagnostics;

namespace Spark.Notebooks;

/// <summary>How far a machine's clock is ahead of this one's, known to half a round trip.</summary>
public sealed record ClockSkew(TimeSpan Ahead, TimeSpan HalfRoundTrip)
{
    const int Readings = 5;

    /// <summary>From the quickest of several readings; null where the machine tells no fractions of seconds.</summary>
    internal static async Task<ClockSkew?> ReadAsync(RemoteAgent agent, CancellationToken cancellation)
    {
        ClockSkew? best = null;
        for (var i = 0; i < Readings; i++)
        {
            var (sent, watch) = (DateTimeOffset.UtcNow, Stopwatch.StartNew());
            var there = (await agent.RunAsync("date +%s%N", cancellation: cancellation)).Output;
            if (Of(there, sent, watch.Elapsed) is { } reading && (best is null || reading.HalfRoundTrip < best.HalfRoundTrip))
                best = reading;
        }
        return best;
    }

    /// <param name="there">Nanoseconds since 1970, read somewhere in the round trip.</param>
    internal static ClockSkew? Of(string there, DateTimeOffset sent, TimeSpan roundTrip) => Invariant.Whole(there.Trim()) is { } nanoseconds and > 1_000_000_000_000_000
        ? new(DateTimeOffset.UnixEpoch.AddTicks(nanoseconds / TimeSpan.NanosecondsPerTick) - (sent + (roundTrip / 2)), roundTrip / 2)
        : null;
}
