namespace Spark.Notebooks;

/// <summary>The gateway's <c>/metrics</c>.</summary>
internal static class GatewayMetrics
{
    public static string Text(IReadOnlyList<BackendState> backends, GatewayCounters counters)
    {
        var text = new ExpositionText();
        One("requests_in_flight", "gauge", "Clients' requests at work.", counters.InFlight);
        One("requests_rejected_total", "counter", "Requests that got a 429, as too many were in flight.", counters.RejectedRequests);
        One("client_disconnects_total", "counter", "Requests whose client went away before the end of the answer.", counters.ClientsGone);
        One("kv_released_total", "counter", "KV caches fetched only so that a prefill instance lets go of them, as their client had gone or their decode leg was refused.", counters.ReleasedPrefills);
        One("kv_stranded_total", "counter", "KV caches that a prefill instance holds until its lease ends, as no decode instance took them.", counters.StrandedPrefills);
        ByReason("fallbacks_total", "Requests that a decode instance had to prefill because no prefill instance did.", counters.Fallbacks);
        ByReason("bypasses_total", "Requests that were not meant for a prefill instance.", counters.Bypasses);

        Family("legs_total", "counter", "Legs that ended, by class of HTTP status.", (name, backend) =>
        {
            for (var statusClass = 0; statusClass < 6; statusClass++)
            {
                if (backend.Answers(statusClass) is > 0 and var count)
                    text.Sample(name, count, ("backend", backend.Name), ("leg", backend.Role), ("status", statusClass == 0 ? "none" : $"{statusClass}xx"));
            }
        });
        Family("legs_in_flight", "gauge", "Legs at work.", (name, backend) => text.Sample(name, backend.InFlight, ("backend", backend.Name), ("leg", backend.Role)));
        Family("backend_healthy", "gauge", "1 while a backend gets requests, 0 while it is ejected.", (name, backend) => text.Sample(name, backend.Health.IsEjected ? 0 : 1, ("backend", backend.Name), ("leg", backend.Role)));
        Family("ejections_total", "counter", "How often a backend was ejected.", (name, backend) => text.Sample(name, backend.Health.Ejections, ("backend", backend.Name), ("leg", backend.Role)));
        Family("first_byte_seconds", "histogram", "From sending a leg to the first byte of its answer's body.", (name, backend) => backend.FirstByte.Write(text, name, ("backend", backend.Name), ("leg", backend.Role)));
        Family("leg_seconds", "histogram", "From sending a leg to the end of its answer.", (name, backend) => backend.Duration.Write(text, name, ("backend", backend.Name), ("leg", backend.Role)));
        return text.ToString();

        void One(string name, string type, string help, double value)
        {
            text.Family($"spark_gateway_{name}", type, help);
            text.Sample($"spark_gateway_{name}", value);
        }

        void ByReason(string name, string help, IReadOnlyDictionary<string, long> counts)
        {
            text.Family($"spark_gateway_{name}", "counter", help);
            foreach (var (reason, count) in counts)
                text.Sample($"spark_gateway_{name}", count, ("reason", reason));
        }

        void Family(string name, string type, string help, Action<string, BackendState> write)
        {
            text.Family($"spark_gateway_{name}", type, help);
            foreach (var backend in backends)
                write($"spark_gateway_{name}", backend);
        }
    }
}
