using System.Buffers;
using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Yarp.ReverseProxy.Forwarder;

namespace Spark.Notebooks;

/// <summary>One leg whose answer is the client's: forwarded by YARP, byte for byte and as it comes, within the deadlines.</summary>
internal sealed class AnswerLeg(Upstream upstream, Exchange exchange, BackendState backend, ReadOnlyMemory<byte> json) : HttpTransformer, IDisposable
{
    const int FirstReadBytes = 4096;

    // The leg's own deadlines are finer than the forwarder's one.
    static readonly ForwarderRequestConfig Config = new() { Version = HttpVersion.Version11, VersionPolicy = HttpVersionPolicy.RequestVersionExact, ActivityTimeout = Timeout.InfiniteTimeSpan };

    readonly Deadline deadline = new(upstream.Clock, upstream.Options.FirstByteDeadline);
    readonly TimeSpan start = exchange.Elapsed;
    readonly LegBody body = new(json);
    TimeSpan? firstByte;
    int? status;
    string? error;
    bool brokeOff, declined;

    /// <summary>What the backend did with the request, once the leg has ended.</summary>
    public AnswerEnd Answered => (body.Sent, status) switch
    {
        (false, _) => AnswerEnd.Unsent,
        (_, >= 400 and < 500) => AnswerEnd.Refused,
        (_, >= 500) => AnswerEnd.Failed,
        _ => firstByte is not null || exchange.ClientGone ? AnswerEnd.Taken : AnswerEnd.Failed,
    };

    /// <summary>Answers the client, unless it has gone, or the backend is unreachable or declines (503) and another may be tried.</summary>
    public async Task<LegEnd> ForwardAsync()
    {
        Prepare(exchange.Http.Request);
        using var sender = new LegSender(upstream.Connections, body);
        var failure = await upstream.Forwarder.SendAsync(exchange.Http, backend.Prefix, sender, Config, this, deadline.Token);
        if (declined)
        {
            exchange.Http.Response.Clear();
            return End(LegEnd.Unreachable, error);
        }
        if (failure is ForwarderError.None)
        {
            exchange.Outcome = error is null ? RoutedOutcome.Completed : RoutedOutcome.Failed;
            return End(error is not null || status >= 500 ? LegEnd.Failed : LegEnd.Served);
        }
        // The forwarder cuts the client off where the backend broke off, which looks the same from here.
        if (exchange.ClientGone && !brokeOff)
            return End(LegEnd.Abandoned, "the client had gone");

        var response = exchange.Http.Response;
        var cause = exchange.Http.GetForwarderErrorFeature()?.Exception;
        var why = Explain(cause);
        if (response.HasStarted)
        {
            (exchange.Error, exchange.Outcome) = (why, RoutedOutcome.Failed);
            return End(LegEnd.Failed, why);
        }

        response.Clear();
        if (Upstream.IsUnreachable(cause))
            return End(LegEnd.Unreachable, why);
        End(LegEnd.Failed, why);
        await exchange.FailAsync(Code, why);
        return LegEnd.Failed;
    }

    public void Dispose()
    {
        deadline.Dispose();
        body.Dispose();
    }

    public override async ValueTask TransformRequestAsync(HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
    {
        await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
        proxyRequest.Headers.Host = null;
        proxyRequest.Headers.Remove(GatewayHeaders.RequestId);
        proxyRequest.Headers.TryAddWithoutValidation(GatewayHeaders.RequestId, exchange.Id);
    }

    public override async ValueTask<bool> TransformResponseAsync(HttpContext httpContext, HttpResponseMessage? proxyResponse, CancellationToken cancellationToken)
    {
        if (proxyResponse is null)
            return false;
        status = (int)proxyResponse.StatusCode;
        var answer = await proxyResponse.Content.ReadAsStreamAsync(cancellationToken);
        var first = ArrayPool<byte>.Shared.Rent(FirstReadBytes);
        var read = await answer.ReadAsync(first, cancellationToken);
        if (proxyResponse.StatusCode is HttpStatusCode.ServiceUnavailable)
            return Decline(first, read);
        deadline.Pause();
        deadline.Limit(upstream.Options.IdleDeadline);
        firstByte = exchange.Elapsed - start;
        await base.TransformResponseAsync(httpContext, proxyResponse, cancellationToken);
        GatewayHeaders.Write(exchange, backend.Role, backend.Name, firstByte.Value);
        // The client need not wait until the forwarder is ready to copy.
        if (read > 0)
            await httpContext.Response.Body.WriteAsync(first.AsMemory(0, read), CancellationToken.None);
        ArrayPool<byte>.Shared.Return(first);
        proxyResponse.Content = new StreamContent(new AnswerStream(answer, deadline, BreakOffAsync));
        return true;
    }

    bool Decline(byte[] first, int read)
    {
        (declined, error) = (true, Upstream.Declined(backend, first.AsSpan(0, read)));
        ArrayPool<byte>.Shared.Return(first);
        return false;
    }

    int Code => deadline.Expired ? StatusCodes.Status504GatewayTimeout : StatusCodes.Status502BadGateway;

    // The client's body was read, so that what announced it holds no more.
    void Prepare(HttpRequest request)
    {
        if (json.Length == 0)
            return;
        request.Headers.Remove(HeaderNames.TransferEncoding);
        request.Headers.Remove(HeaderNames.Expect);
        request.ContentLength = json.Length;
    }

    // An event stream can still say why it ends; any other answer can only break off.
    async Task<bool> BreakOffAsync(Exception cause)
    {
        var response = exchange.Http.Response;
        brokeOff = !exchange.ClientGone;
        if (!brokeOff || response.ContentLength is not null || response.ContentType?.StartsWith("text/event-stream", StringComparison.Ordinal) is not true)
            return false;
        exchange.Error = error = Explain(cause);
        await response.Body.WriteAsync(VllmError.LastEvents(Code, error), exchange.Http.RequestAborted);
        return true;
    }

    string Explain(Exception? cause) => (deadline.Expired, firstByte) switch
    {
        (true, null) => FormattableString.Invariant($"{backend.Name} sent no first byte within {upstream.Options.FirstByteDeadline.TotalSeconds:0.###} s."),
        (true, _) => FormattableString.Invariant($"{backend.Name} sent nothing more for {upstream.Options.IdleDeadline.TotalSeconds:0.###} s."),
        (_, null) => $"{backend.Name} gave no answer: {Upstream.Reason(cause)}",
        _ => $"{backend.Name} broke off its answer: {cause?.Message}",
    };

    LegEnd End(LegEnd end, string? why = null)
    {
        exchange.EndLeg(backend, end, new()
        {
            Role = backend.Role,
            Backend = backend.Name,
            Start = start,
            Duration = exchange.Elapsed - start,
            FirstByte = firstByte,
            Status = status,
            Error = error ?? why,
        });
        return end;
    }
}
