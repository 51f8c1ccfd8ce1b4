using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;

namespace Spark.Engine;

/// <summary>What the endpoints share: the engine and what makes requests for it.</summary>
internal sealed class Serving(ApiOptions options, IEngine engine, Tokenizer tokenizer, ChatTemplate chatTemplate, TimeProvider clock)
{
    readonly ConcurrentDictionary<string, byte> liveIds = new();
    int load;

    public ApiOptions Options => options;
    public IEngine Engine => engine;
    public Tokenizer Tokenizer => tokenizer;
    public ChatTemplate ChatTemplate => chatTemplate;
    public TimeProvider Clock => clock;
    public VllmMetrics Metrics { get; } = new(engine, options.ServedModelNames[0]);

    /// <summary>The name that responses carry, whichever name the request used.</summary>
    public string ModelName => options.ServedModelNames[0];

    /// <summary>Generating requests in this server.</summary>
    public int Load => load;

    public long UnixSeconds => clock.GetUtcNow().ToUnixTimeSeconds();

    /// <exception cref="ApiException">The request names a model that is not served here.</exception>
    /// <exception cref="EngineDeadException">No request can be served any more.</exception>
    public void CheckModel(string? name)
    {
        if (!string.IsNullOrEmpty(name) && !options.ServedModelNames.Contains(name))
            throw ApiException.UnknownModel(name);
        if (engine.Failure is { } failure)
            throw failure;
    }

    /// <summary>The id that the X-Request-Id header asks for, or the body, or a new one.</summary>
    public static string RequestId(HttpContext http, string fromBody) =>
        http.Request.Headers.TryGetValue("X-Request-Id", out var header) ? header.ToString() : fromBody.Length > 0 ? fromBody : Guid.NewGuid().ToString("N");

    /// <summary>What a request may put out: what it asks for, within the context and the model's own bound.</summary>
    public long MaxTokens(Prompt prompt, long? asked) =>
        new[] { engine.MaxModelLen - prompt.TokenIds.Length, asked ?? long.MaxValue, options.Defaults.MaxTokens ?? long.MaxValue }.Min();

    /// <summary>The <c>n</c> continuations of one prompt.</summary>
    /// <param name="id">Names the prompt's request in the engine; with several continuations each gets a prefix, as vLLM's do.</param>
    /// <param name="prompt">Checked already.</param>
    /// <param name="firstIndex">The first one's place among the choices.</param>
    /// <param name="fields">What the request says.</param>
    /// <param name="maxTokens">Cut to the context already.</param>
    /// <param name="logprobs">Alternatives to report; null reports none.</param>
    /// <exception cref="ApiException">A sampling parameter is out of its range.</exception>
    public IEnumerable<Continuation> Continuations(string id, Prompt prompt, int firstIndex, GenerationFields fields, long maxTokens, long? logprobs)
    {
        var sampling = SamplingRules.Apply(fields, options.Defaults, maxTokens, logprobs, engine, options.MaxLogprobs);
        prompt.Check(engine);
        var group = new SampleGroup((int)fields.N);
        return Enumerable.Range(0, group.Size).Select(i => new Continuation(
            this,
            firstIndex + i,
            prompt,
            new EngineRequest(group.Size == 1 ? id : $"{i}_{id}", prompt.TokenIds, sampling with { Seed = sampling.Seed + i }) { CacheSalt = fields.CacheSalt, Transfer = fields.Transfer },
            fields,
            group));
    }

    /// <summary>Keeps an id for one request until it is disposed of, and counts the request into the server's load.</summary>
    /// <exception cref="ApiException">Another request has the id.</exception>
    public IDisposable Claim(string id)
    {
        if (!liveIds.TryAdd(id, 0))
            throw ApiException.BadRequest($"Request id {id} already running.");
        Interlocked.Increment(ref load);
        return new Claimed(this, id);
    }

    sealed class Claimed(Serving serving, string id) : IDisposable
    {
        public void Dispose()
        {
            serving.liveIds.TryRemove(id, out _);
            Interlocked.Decrement(ref serving.load);
        }
    }
}
