using Microsoft.AspNetCore.Http;

namespace Spark.Notebooks;

/// <summary>Serves requests up to a limit at once, and writes down what became of each; those beyond get a 429 with <c>Retry-After</c>.</summary>
internal sealed class LimitedRequests(int most, string policy, GatewayCounters counters, RoutedLog routed)
{
    const string RetryAfterSeconds = "1";

    public async Task ServeAsync(Exchange exchange, IRoute route)
    {
        if (!counters.TryEnter(most))
        {
            await RejectAsync(exchange);
            routed.Add(exchange.ToRecord(policy));
            return;
        }

        try
        {
            await route.ServeAsync(exchange);
        }
        finally
        {
            counters.Leave();
            if (exchange.Outcome is RoutedOutcome.ClientGone)
                counters.ClientGone();
            routed.Add(exchange.ToRecord(policy));
        }
    }

    async Task RejectAsync(Exchange exchange)
    {
        counters.Rejected();
        exchange.Http.Response.Headers.RetryAfter = RetryAfterSeconds;
        await exchange.FailAsync(StatusCodes.Status429TooManyRequests, $"{most} requests are in flight, which is this gateway's limit. Retry after {RetryAfterSeconds} s.");
        exchange.Outcome = RoutedOutcome.Rejected;
    }
}
