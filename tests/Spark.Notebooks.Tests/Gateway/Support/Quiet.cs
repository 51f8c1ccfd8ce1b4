namespace Spark.Notebooks.Tests;

/// <summary>Options whose probes and deadlines do not come into a test that is about something else.</summary>
internal static class Quiet
{
    public static GatewayOptions Options(params Backend[] backends) => new() { Backends = backends, HealthInterval = TimeSpan.FromHours(1) };

    public static GatewayOptions Disaggregated(Vllm013 prefill, Vllm013 decode) => Options(decode.As("node-1")) with { Prefill = [prefill.As("node-0")] };
}
