using System.Globalization;

namespace Spark.Notebooks;

/// <summary>What the gateway adds to a response: these headers and no others.</summary>
internal static class GatewayHeaders
{
    /// <summary>The request's id, which both legs carried.</summary>
    public const string RequestId = "X-Request-Id";

    /// <summary>The name of the backend whose answer this is.</summary>
    public const string Backend = "X-Spark-Backend";

    /// <summary>Why the decode instance had to prefill as well.</summary>
    public const string Fallback = "X-Spark-Fallback";

    /// <summary>Why no prefill instance was asked.</summary>
    public const string Bypass = "X-Spark-Bypass";

    /// <summary>W3C Server Timing, an entry a leg with its backend: <c>prefill;desc="node-0";dur=12.3, decode;desc="node-1";dur=4.5</c>, in ms, to the end of a prefill leg's answer and to the first byte of any other.</summary>
    public const string ServerTiming = "Server-Timing";

    /// <param name="role">The answering leg's, which is not among the exchange's yet; null when there is none.</param>
    public static void Write(Exchange exchange, string? role = null, string? backend = null, TimeSpan firstByte = default)
    {
        var headers = exchange.Http.Response.Headers;
        headers[RequestId] = exchange.Id;
        if (exchange.Fallback is not null)
            headers[Fallback] = exchange.Fallback;
        if (exchange.Bypass is not null)
            headers[Bypass] = exchange.Bypass;
        var timing = "";
        foreach (var leg in exchange.Legs)
            timing = With(timing, leg.Role, leg.Backend, leg.Duration);
        if (role is not null)
        {
            headers[Backend] = backend;
            timing = With(timing, role, backend!, firstByte);
        }

        if (timing.Length > 0)
            headers[ServerTiming] = timing;
    }

    static string With(string timing, string role, string backend, TimeSpan duration) =>
        string.Create(CultureInfo.InvariantCulture, $"{timing}{(timing.Length > 0 ? ", " : "")}{role};desc=\"{backend}\";dur={Math.Round(duration.TotalMilliseconds, 3)}");
}
