using System.Collections.Concurrent;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Spark.Notebooks.Tests;

/// <summary>vLLM 0.13 with NixlConnector as a client sees it, without a model: its JSON, its events, its errors, and blocks that are held until a decode instance pulls them.</summary>
internal sealed partial class Vllm013 : IAsyncDisposable
{
    public const string Model = "tales";
    const int BlockSize = 16, MaxModelLen = 4096;

    static readonly JsonSerializerOptions PythonsEscapes = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // All instances of this process by engine id, as the side channel would find them.
    static readonly ConcurrentDictionary<string, Vllm013> Engines = [];

    readonly ConcurrentDictionary<string, int[]> held = [];
    StubServer server = null!;
    int nextBlock;

    public string EngineId { get; } = $"{Guid.NewGuid()}";
    public string RunId { get; } = $"run-{Guid.NewGuid().ToString("N")[..8]}";
    public Uri Address => server.Address;

    /// <summary>Whether the next first token is a stop token, which ends the request before there is anything to hand over.</summary>
    public bool FirstTokenStops { get; init; }

    /// <summary><c>kv_load_failure_policy</c>.</summary>
    public bool RecomputesAfterLoadFailure { get; init; }

    public string? ApiKey { get; init; }

    /// <summary>Called before the answer begins, and before each token.</summary>
    public Func<HttpContext, int, Task> BeforeToken { get; set; } = (_, _) => Task.CompletedTask;

    public const int BeforeAnswer = -1;

    /// <summary>Bodies and headers of completions as they came.</summary>
    public ConcurrentQueue<Received> Requests { get; } = [];

    /// <summary>Blocks held for decode instances that have not come.</summary>
    public int HeldBlocks => held.Values.Sum(blocks => blocks.Length);

    public int Pulls, PulledBlocks, RecomputedRequests, Tokenized, Aborted;

    public Backend As(string name) => new(name, Address);

    public static Task<Vllm013> StartAsync(int port = 0) => new Vllm013().StartAsync(port, default);

    public async Task<Vllm013> StartAsync(int port, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        server = await StubServer.StartAsync(HandleAsync, port);
        Engines[EngineId] = this;
        return this;
    }

    /// <summary>What the lease's end does: the blocks are gone.</summary>
    public void ExpireLeases() => held.Clear();

    public async ValueTask DisposeAsync()
    {
        Engines.TryRemove(EngineId, out _);
        await server.DisposeAsync();
    }

    /// <summary>The text of a prompt's answer, the same from any instance.</summary>
    public static string Text(int promptTokens, int count) => string.Concat(Enumerable.Range(0, count).Select(i => Token(promptTokens, i)));

    static string Token(int promptTokens, int index) => $" w{(promptTokens * 31 + index * 17) % 97}";

    async Task HandleAsync(HttpContext http)
    {
        try
        {
            await (ApiKey is not null && http.Request.Path.StartsWithSegments("/v1") && http.Request.Headers.Authorization != $"Bearer {ApiKey}"
                ? WriteAsync(http, 401, """{"error":"Unauthorized"}""")
                : (http.Request.Method, http.Request.Path.Value) switch
                {
                    ("GET", "/health") => Task.CompletedTask,
                    ("GET", "/version") => WriteAsync(http, 200, """{"version":"0.13.0"}"""),
                    ("GET", "/v1/models") => WriteAsync(http, 200, Models()),
                    ("POST", "/tokenize") => TokenizeAsync(http),
                    ("POST", "/detokenize") => DetokenizeAsync(http),
                    ("POST", "/v1/completions" or "/v1/chat/completions") => CompleteAsync(http),
                    _ => WriteAsync(http, 404, """{"detail":"Not Found"}"""),
                });
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            Interlocked.Increment(ref Aborted);
        }
    }

    string Models() => $$"""{"object":"list","data":[{{string.Join(',', new[] { Model, RunId }.Select(id => $$"""{"id":"{{id}}","object":"model","created":1,"owned_by":"vllm","root":"/models/tales","parent":null,"max_model_len":{{MaxModelLen}}}"""))}}]}""";

    async Task TokenizeAsync(HttpContext http)
    {
        Interlocked.Increment(ref Tokenized);
        var body = (await JsonNode.ParseAsync(http.Request.Body))!.AsObject();
        var tokens = Tokens(body);
        await WriteAsync(http, 200, $$"""{"count":{{tokens.Length}},"max_model_len":{{MaxModelLen}},"tokens":[{{string.Join(',', tokens)}}],"token_strs":null}""");
    }

    static async Task DetokenizeAsync(HttpContext http)
    {
        var tokens = (await JsonNode.ParseAsync(http.Request.Body))!["tokens"]!.AsArray();
        await WriteAsync(http, 200, $$"""{"prompt":{{Json(string.Concat(tokens.Select(token => (char)token!.GetValue<int>())))}}}""");
    }

    // A token a byte with a begin-of-text token before them; a chat is its texts with a token of the template around each.
    static int[] Tokens(JsonObject body)
    {
        if (body["messages"] is JsonArray messages)
            return [1000, .. messages.SelectMany(message => (int[])[1001, .. Bytes($"{message!["content"]}"), 1002]), 1001];
        return body["prompt"] switch
        {
            JsonArray list when list[0] is JsonArray nested => Numbers(nested),
            JsonArray list when list[0]!.GetValueKind() is JsonValueKind.String => [1000, .. Bytes($"{list[0]}")],
            JsonArray list => Numbers(list),
            var text => [1000, .. Bytes($"{text}")],
        };

        static int[] Bytes(string text) => [.. Encoding.UTF8.GetBytes(text)];
        static int[] Numbers(JsonArray list) => [.. list.Select(number => number!.GetValue<int>())];
    }

    static Task WriteAsync(HttpContext http, int status, string json)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = Encoding.UTF8.GetByteCount(json);
        return http.Response.WriteAsync(json);
    }

    internal sealed record Received(string Path, string Body, string? RequestId, string? Authorization)
    {
        public JsonObject Json => JsonNode.Parse(Body)!.AsObject();
    }
}
