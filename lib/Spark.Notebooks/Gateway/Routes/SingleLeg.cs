using Microsoft.AspNetCore.Http;

namespace Spark.Notebooks;

/// <summary>One backend answers; one that cannot be reached leaves the request to the next.</summary>
internal sealed class SingleLeg(BackendPool pool, string policy, Upstream upstream) : IRoute
{
    public string Name => policy;

    public Task ServeAsync(Exchange exchange) => AnswerAsync(exchange, exchange.Body);

    public async Task<AnswerEnd> AnswerAsync(Exchange exchange, byte[] body)
    {
        List<BackendState>? tried = null;
        while (pool.Take(tried) is { } backend)
        {
            using var leg = new AnswerLeg(upstream, exchange, backend, body);
            var end = await leg.ForwardAsync();
            if (end is not LegEnd.Unreachable)
                return !leg.IsSent ? AnswerEnd.Unsent : leg.IsAccepted || end is LegEnd.Abandoned ? AnswerEnd.Taken : AnswerEnd.Refused;
            (tried ??= []).Add(backend);
        }

        await exchange.FailAsync(StatusCodes.Status503ServiceUnavailable, $"No {pool.Role} backend is healthy: {pool}.");
        return AnswerEnd.Unsent;
    }
}
