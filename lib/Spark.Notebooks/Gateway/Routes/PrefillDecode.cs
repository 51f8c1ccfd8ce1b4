namespace Spark.Notebooks;

/// <summary>vLLM's disaggregated prefill with NixlConnector, as its proxies do it: a prefill instance holds the prompt's KV cache, a decode instance is told where, pulls it and answers.</summary>
internal sealed class PrefillDecode(BackendPool prefill, SingleLeg decode, PrefillBypass bypass, KvRelease release, Upstream upstream, GatewayCounters counters) : IRoute
{
    public async Task ServeAsync(Exchange exchange)
    {
        var body = JsonMembers.Parse(exchange.Body);
        exchange.Bypass = await bypass.ReasonAsync(exchange, body);
        if (body is null || exchange.Bypass is not null)
        {
            counters.Bypassed(exchange.Bypass!);
            await decode.ServeAsync(exchange);
            return;
        }

        switch (await PrefillAsync(exchange, body))
        {
            case PrefillResult.Held held:
                await DecodeAsync(exchange, body, held);
                break;
            case PrefillResult.Refused { Answer: var answer }:
                GatewayHeaders.Write(exchange);
                await WholeAnswer.WriteAsync(exchange.Http, answer.Status, answer.Body, answer.ContentType);
                exchange.Outcome = RoutedOutcome.Completed;
                break;
            case PrefillResult.Failed { Reason: var reason }:
                exchange.Fallback = reason;
                counters.FellBack(reason);
                await decode.ServeAsync(exchange);
                break;
        }
    }

    async Task<PrefillResult> PrefillAsync(Exchange exchange, JsonMembers body)
    {
        PrefillResult result = new PrefillResult.Failed("no prefill backend is healthy");
        while (prefill.Take() is { } backend)
        {
            result = await new PrefillLeg(upstream, exchange, backend).SendAsync(DisaggregatedBody.Prefill(body));
            if (result is not PrefillResult.Failed { Reason: PrefillLeg.Unreachable })
                break;
        }

        return result;
    }

    async Task DecodeAsync(Exchange exchange, JsonMembers body, PrefillResult.Held held)
    {
        var end = exchange.ClientGone ? AnswerEnd.Unsent : await decode.AnswerAsync(exchange, DisaggregatedBody.Decode(body, held.KvTransferParams.Span));
        if (end is AnswerEnd.Refused || (end is AnswerEnd.Unsent && exchange.ClientGone))
            await release.SendAsync(exchange, DisaggregatedBody.Release(body, held.KvTransferParams.Span));
        else if (end is not AnswerEnd.Taken)
            counters.Stranded();
    }
}
