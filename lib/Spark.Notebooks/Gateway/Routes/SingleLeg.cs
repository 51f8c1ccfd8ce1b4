using Microsoft.AspNetCore.Http;

namespace Spark.Notebooks;

/// <summary>One backend answers; one that cannot be reached, or declines, and so is ejected, leaves the request to the next.</summary>
internal sealed class SingleLeg(BackendPool pool, Upstream upstream) : IRoute
{
    public Task ServeAsync(Exchange exchange) => AnswerAsync(exchange, exchange.Body);

    public async Task<AnswerEnd> AnswerAsync(Exchange exchange, ReadOnlyMemory<byte> body)
    {
        while (pool.Take() is { } backend)
        {
            using var leg = new AnswerLeg(upstream, exchange, backend, body);
            if (await leg.ForwardAsync() is not LegEnd.Unreachable)
                return leg.Answered;
        }

        await exchange.FailAsync(StatusCodes.Status503ServiceUnavailable, $"No {pool.Role} backend is healthy: {pool}.");
        return AnswerEnd.Unsent;
    }
}
