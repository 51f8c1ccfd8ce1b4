namespace Spark.Notebooks;

/// <summary>One prefill leg: the request with an output of one token, whose KV cache the prefill instance is asked to hold.</summary>
internal sealed class PrefillLeg(Upstream upstream, Exchange exchange, BackendState backend)
{
    /// <summary>The reason to fall back when not even a connection came about, or the instance declined (503), so that the next one may be tried.</summary>
    public const string Unreachable = "prefill unreachable";

    readonly TimeSpan start = exchange.Elapsed;
    int? status;

    public async Task<PrefillResult> SendAsync(ReadOnlyMemory<byte> body)
    {
        using var deadline = new Deadline(upstream.Clock, upstream.Options.PrefillDeadline, exchange.Http.RequestAborted);
        try
        {
            var answer = await upstream.SendAsync(HttpMethod.Post, backend, exchange.Path, body, exchange, deadline.Token);
            status = answer.Status;
            return answer.Status switch
            {
                200 => Read(answer.Body),
                >= 400 and < 500 => End(LegEnd.Served, new PrefillResult.Refused(answer)),
                503 => End(LegEnd.Unreachable, new PrefillResult.Failed(Unreachable), Upstream.Declined(backend, answer.Body)),
                _ => End(LegEnd.Failed, new PrefillResult.Failed("prefill failed"), $"{backend.Name} answered {status}"),
            };
        }
        catch (Exception) when (exchange.ClientGone)
        {
            return End(LegEnd.Abandoned, new PrefillResult.ClientGone(), "the client had gone");
        }
        catch (Exception) when (deadline.Expired)
        {
            return End(LegEnd.Failed, new PrefillResult.Failed("prefill timed out"), FormattableString.Invariant($"{backend.Name} gave no answer within {upstream.Options.PrefillDeadline.TotalSeconds:0.###} s"));
        }
        catch (Exception error)
        {
            return Upstream.IsUnreachable(error)
                ? End(LegEnd.Unreachable, new PrefillResult.Failed(Unreachable), Upstream.Reason(error))
                : End(LegEnd.Failed, new PrefillResult.Failed("prefill failed"), $"{backend.Name} gave no answer: {error.Message}");
        }
    }

    PrefillResult Read(byte[] answer)
    {
        if (PrefillAnswer.Read(answer) is not { } read)
            return End(LegEnd.Failed, new PrefillResult.Failed("prefill failed"), $"{backend.Name} answered with what is no completion");
        exchange.PromptTokens = read.PromptTokens ?? exchange.PromptTokens;
        exchange.KvBlocks = read.Blocks;
        return End(LegEnd.Served, (read.KvTransferParams.Length, read.Blocks) switch
        {
            // vLLM holds nothing for a request that its first token has ended.
            (0, _) => new PrefillResult.Failed("prefill ended the request"),
            // A decode instance of vLLM 0.13 dies of parameters without blocks.
            (_, 0) => new PrefillResult.Failed("prefill offered no blocks"),
            _ => new PrefillResult.Held(read.KvTransferParams),
        });
    }

    PrefillResult End(LegEnd end, PrefillResult result, string? error = null)
    {
        exchange.EndLeg(backend, end, new()
        {
            Role = backend.Role,
            Backend = backend.Name,
            Start = start,
            Duration = exchange.Elapsed - start,
            Status = status,
            Error = error,
        });
        return result;
    }
}
