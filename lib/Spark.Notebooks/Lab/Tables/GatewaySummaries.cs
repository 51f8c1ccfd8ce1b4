using static Spark.Notebooks.Table;

namespace Spark.Notebooks;

/// <summary>A gateway's counters, a row a backend.</summary>
public static class GatewaySummaries
{
    public static Table Summary(this GatewaySnapshot snapshot) => new(
        $"The gateway's counters: {Counted("fallbacks", snapshot.Fallbacks)}, {Counted("bypasses", snapshot.Bypasses)}, {snapshot.Rejected} rejected",
        new(
            Words("backend", snapshot.Backends.Select(backend => backend.Name)),
            Words("role", snapshot.Backends.Select(backend => backend.Role)),
            Numbers("legs served", snapshot.Backends.Select(backend => (double)backend.Served)),
            Numbers("legs failed", snapshot.Backends.Select(backend => (double)backend.Failed)),
            Words("gets requests now", snapshot.Backends.Select(backend => backend.Ejected ? "no, ejected" : "yes")),
            Numbers("times ejected", snapshot.Backends.Select(backend => (double)backend.Ejections))),
        Provenance.Measured("counted by the gateway since it started"));

    static string Counted(string what, IReadOnlyDictionary<string, long> counts) =>
        counts.Count == 0 ? $"no {what}" : $"{counts.Values.Sum()} {what} ({string.Join(", ", counts.Select(count => $"{count.Value} × {count.Key}"))})";
}
