namespace Spark.Notebooks;

/// <summary>Sends what the forwarder made of a request, with the leg's body for the client's. The forwarder's own content would be sent behind the headers, by itself: for the backend one more packet to wake up for.</summary>
internal sealed class LegSender(HttpMessageHandler connections, LegBody body) : HttpMessageInvoker(connections, disposeHandler: false)
{
    public override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Content is { } clients)
        {
            foreach (var (name, values) in clients.Headers.NonValidated)
                body.Headers.TryAddWithoutValidation(name, values);
            request.Content = body;
        }

        return base.SendAsync(request, cancellationToken);
    }
}
