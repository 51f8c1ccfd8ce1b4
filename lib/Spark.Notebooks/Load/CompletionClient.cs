namespace Spark.Notebooks;

/// <summary>Streams completions from a target and times them. What goes wrong with a request is told in its timeline; only cancelling throws.</summary>
internal sealed class CompletionClient(LoadTarget target, TimeProvider time) : IDisposable
{
    readonly HttpClient http = new HttpClient(new SocketsHttpHandler { UseProxy = false, ActivityHeadersPropagator = null })
    {
        BaseAddress = target.Endpoint,
        Timeout = Timeout.InfiniteTimeSpan,
    }.Authorize();

    public static string RequestId(string runName, int index) => $"{runName}-{index}";

    /// <summary>From sending a request to the end of its stream.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromMinutes(2);

    /// <param name="index">The request's place in its workload.</param>
    /// <param name="runName">The run that it belongs to, whose requests alone may share prefixes in the cache.</param>
    /// <param name="runStart">A timestamp of the time provider, which times are counted from.</param>
    public async Task<RequestTimeline> SendAsync(int index, PromptRequest request, string runName, long runStart, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var payload = new CompletionPayload { Model = target.Model, Prompt = request.PromptTokenIds, MaxTokens = request.OutputTokens, CacheSalt = runName };
        using var content = payload.ToContent();
        await content.LoadIntoBufferAsync(limit.Token);
        using var message = new HttpRequestMessage(HttpMethod.Post, "v1/completions") { Content = content, Headers = { { "x-request-id", RequestId(runName, index) } } };

        var events = new List<SseEvent>();
        string? error = null;
        limit.CancelAfter(Deadline);
        var sent = time.GetTimestamp();
        try
        {
            using var response = await http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            if (response.IsSuccessStatusCode)
                await foreach (var item in SseEvent.ReadAsync(await response.Content.ReadAsStreamAsync(limit.Token), time, limit.Token))
                    events.Add(item);
            else
                error = $"{(int)response.StatusCode} {CompletionAnswer.ExplainError(await response.Content.ReadAsByteArrayAsync(limit.Token), response.ReasonPhrase)}";
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            error = $"no end within {Deadline.TotalSeconds:0} s";
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException)
        {
            error = failure.InnerException is IOException cause ? $"{failure.Message} {cause.Message}" : failure.Message;
        }

        var timeline = new RequestTimeline
        {
            Index = index,
            Node = target.Engines is [var only] ? only.Node : target.Path,
            PromptTokens = request.PromptTokenIds.Count,
            RequestedTokens = request.OutputTokens,
            OutputTokens = 0,
            Sent = time.GetElapsedTime(runStart, sent),
            TokenTimes = [],
            Error = error,
        };
        return CompletionAnswer.Complete(timeline, events, arrival => time.GetElapsedTime(runStart, arrival));
    }

    public void Dispose() => http.Dispose();
}
