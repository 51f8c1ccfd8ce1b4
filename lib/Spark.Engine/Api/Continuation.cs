using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace Spark.Engine;

/// <summary>One continuation of one prompt: runs it in the engine, and makes text of its tokens until it ends or meets a stop string.</summary>
internal sealed class Continuation(Serving serving, int index, Prompt prompt, EngineRequest request, GenerationFields fields, SampleGroup group)
{
    readonly IncrementalDetokenizer detokenizer = new(serving.Tokenizer, fields.SkipSpecialTokens);
    readonly StopStringMatcher stops = new(fields.Stop, fields.IncludeStopStringInOutput, request.Sampling.MinTokens);
    readonly RequestObserver observer = new(serving.Metrics, serving.Clock, request, group);

    /// <summary>Its place among the response's choices.</summary>
    public int Index => index;
    public Prompt Prompt => prompt;
    public int OutputTokens { get; private set; }
    public int CachedTokens { get; private set; }

    /// <summary>Ends with the part that has a finish reason; leaving it early aborts the request in the engine.</summary>
    /// <exception cref="ApiException">The request has failed in the engine.</exception>
    public async IAsyncEnumerable<ContinuationPart> RunAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        detokenizer.Prime(prompt.TokenIds);
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var outputs = serving.Engine.GenerateAsync(request, leaving.Token).GetAsyncEnumerator(leaving.Token);
        var next = outputs.MoveNextAsync().AsTask();
        try
        {
            var part = new ContinuationPart();
            while (await next)
            {
                Take(outputs.Current, part);
                if (part.FinishReason is not null)
                {
                    yield return part;
                    yield break;
                }
                next = outputs.MoveNextAsync().AsTask();
                if (next.IsCompleted)
                    continue; // The engine is ahead of the client: one event will do for both outputs.
                yield return part;
                part = new();
            }
            throw ApiException.ShuttingDown();
        }
        finally
        {
            await leaving.CancelAsync();
            // An iterator cannot be disposed of while it moves on, and what it then meets concerns nobody any more.
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await outputs.DisposeAsync();
        }
    }

    void Take(EngineOutput output, ContinuationPart part)
    {
        observer.Saw(output);
        CachedTokens = output.CachedTokens;
        (part.FinishReason, part.Transfer) = (output.FinishReason, output.Transfer);
        if (output.Token is { } token)
        {
            part.Tokens.Add(token);
            if (output.Logprobs is { } logprobs)
                part.Logprobs.Add(logprobs);
            OutputTokens++;
            var isStopToken = output.FinishReason == FinishReason.Stop;
            if (isStopToken)
                part.StopReason = output.StopTokenId ?? (token == serving.Tokenizer.EosTokenId ? null : token);
            var text = isStopToken && !fields.IncludeStopStringInOutput ? "" : detokenizer.Push(token);
            if (output.FinishReason is not null)
                text += detokenizer.Finish();
            if (stops.Append(text, OutputTokens) is { } stop)
                (part.FinishReason, part.StopReason) = (FinishReason.Stop, stop);
        }
        part.AddText(stops.Release(finished: part.FinishReason is not null));
        if (part.FinishReason is not { } reason)
            return;
        observer.Finished(reason);
        if (reason == FinishReason.Error)
            throw ApiException.GenerationFailed();
    }

    /// <summary>Runs continuations side by side and gives each one's whole output.</summary>
    public static async Task<ContinuationPart[]> RunAllAsync(IReadOnlyList<Continuation> all, CancellationToken cancellation)
    {
        var wholes = all.ToDictionary(c => c, _ => new ContinuationPart());
        await RunAllAsync(all, (continuation, part) =>
        {
            wholes[continuation].Add(part);
            return ValueTask.CompletedTask;
        }, cancellation);
        return [.. all.Select(c => wholes[c])];
    }

    /// <summary>Runs continuations side by side, started in their order, and shows each part as it comes; the first to fail ends the others.</summary>
    public static async Task RunAllAsync(IReadOnlyList<Continuation> all, Func<Continuation, ContinuationPart, ValueTask> show, CancellationToken cancellation)
    {
        using var failing = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Exception? failure = null;
        await Task.WhenAll(all.Select(RunAsync).ToList());
        if (failure is not null)
            ExceptionDispatchInfo.Throw(failure);

        async Task RunAsync(Continuation continuation)
        {
            try
            {
                await foreach (var part in continuation.RunAsync(failing.Token))
                    await show(continuation, part);
            }
            catch (Exception e)
            {
                Interlocked.CompareExchange(ref failure, e, null);
                await failing.CancelAsync();
            }
        }
    }
}
