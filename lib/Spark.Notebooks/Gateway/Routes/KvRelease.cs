namespace Spark.Notebooks;

/// <summary>Fetches a KV cache that nobody waits for any more, so that the prefill instance need not hold it until its lease ends.</summary>
internal sealed class KvRelease(BackendPool decode, Upstream upstream, GatewayCounters counters)
{
    public async Task SendAsync(Exchange exchange, ReadOnlyMemory<byte> body)
    {
        if (decode.Take() is not { } backend)
        {
            counters.Stranded();
            return;
        }

        var start = exchange.Elapsed;
        using var deadline = new Deadline(upstream.Clock, upstream.Options.FirstByteDeadline);
        try
        {
            var answer = await upstream.SendAsync(HttpMethod.Post, backend, exchange.Path, body, exchange, deadline.Token);
            End(answer.Status < 500 ? LegEnd.Served : LegEnd.Failed, answer.Status is 200, answer.Status, null);
        }
        catch (Exception error)
        {
            End(Upstream.IsUnreachable(error) ? LegEnd.Unreachable : LegEnd.Failed, released: false, null, error.Message);
        }

        void End(LegEnd end, bool released, int? status, string? error)
        {
            exchange.EndLeg(backend, end, new() { Role = "release", Backend = backend.Name, Start = start, Duration = exchange.Elapsed - start, Status = status, Error = error });
            if (released)
                counters.Released();
            else
                counters.Stranded();
        }
    }
}
