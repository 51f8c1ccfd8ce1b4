using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Spark.Notebooks.Tests;

internal sealed partial class Vllm013
{
    async Task CompleteAsync(HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body);
        var raw = await reader.ReadToEndAsync(http.RequestAborted);
        Requests.Enqueue(new(http.Request.Path.Value!, raw, http.Request.Headers["X-Request-Id"], http.Request.Headers.Authorization));
        if (http.Request.ContentType?.StartsWith("application/json", StringComparison.Ordinal) is not true)
        {
            await RefuseAsync(http, 400, "Bad Request", "[\"Unsupported Media Type: Only 'application/json' is allowed\"]");
            return;
        }

        JsonObject body;
        try
        {
            body = JsonNode.Parse(raw)!.AsObject();
        }
        catch (Exception)
        {
            await RefuseAsync(http, 400, "Bad Request", "[{'type': 'json_invalid', 'loc': ('body', 0), 'msg': 'JSON decode error'}]");
            return;
        }

        if (Problem(body) is var (status, type, message))
            await RefuseAsync(http, status, type, message);
        else
            await GenerateAsync(http, body, http.Request.Path.Value!.Contains("chat"));
    }

    static (int, string, string)? Problem(JsonObject body)
    {
        var max = MaxTokens(body);
        if (body["model"] is { } model && $"{model}" != Model && !$"{model}".StartsWith("run-", StringComparison.Ordinal))
            return (404, "NotFoundError", $"The model `{model}` does not exist.");
        if (body["stream_options"] is not null && body["stream"]?.GetValue<bool>() is not true)
            return (400, "Bad Request", "[{'type': 'value_error', 'loc': ('body',), 'msg': 'Value error, Stream options can only be defined when `stream=True`.'}]");
        if (max < 1)
            return (400, "BadRequestError", $"max_tokens must be at least 1, got {max}.");
        if (body["min_tokens"]?.GetValue<int>() is { } min && min > max)
            return (400, "BadRequestError", $"min_tokens must be less than or equal to max_tokens={max}, got {min}.");
        var prompt = Tokens(body).Length;
        return prompt + max > MaxModelLen
            ? (400, "BadRequestError", $"This model's maximum context length is {MaxModelLen} tokens. However, your request has {prompt} input tokens. Please reduce the length of the input messages.")
            : null;
    }

    async Task GenerateAsync(HttpContext http, JsonObject body, bool chat)
    {
        await BeforeToken(http, BeforeAnswer);
        var (prompt, max, stream) = (Tokens(body).Length, MaxTokens(body), body["stream"]?.GetValue<bool>() is true);
        var id = $"{(chat ? "chatcmpl" : "cmpl")}-{http.Request.Headers["X-Request-Id"]}";
        var loaded = LoadKv(http, body["kv_transfer_params"] as JsonObject, prompt);
        if (!loaded && !RecomputesAfterLoadFailure && !stream)
        {
            await RefuseAsync(http, 500, "InternalServerError", "Internal server error");
            return;
        }

        if (!stream)
        {
            for (var i = 0; i < max; i++)
                await BeforeToken(http, i);
            var held = HoldKv(body["kv_transfer_params"] as JsonObject, $"{id}-0", prompt, max);
            await WriteAsync(http, 200, Whole(id, chat, prompt, max, held));
            return;
        }

        http.Response.ContentType = "text/event-stream; charset=utf-8";
        await http.Response.StartAsync(http.RequestAborted);
        await http.Response.Body.FlushAsync(http.RequestAborted);
        if (!loaded && !RecomputesAfterLoadFailure)
            await EventAsync(http, """{"error":{"message":"Internal server error","type":"InternalServerError","param":null,"code":500}}""");
        else
            await StreamAsync(http, body, id, chat, prompt, max);
        await http.Response.WriteAsync("data: [DONE]\n\n", http.RequestAborted);
    }

    async Task StreamAsync(HttpContext http, JsonObject body, string id, bool chat, int prompt, int max)
    {
        var head = $$""" "id":"{{id}}","object":"{{(chat ? "chat.completion.chunk" : "text_completion")}}","created":1,"model":"{{Model}}" """.Trim();
        for (var i = 0; i < max; i++)
        {
            await BeforeToken(http, i);
            http.RequestAborted.ThrowIfCancellationRequested();
            var (text, reason) = (Json(Token(prompt, i)), i == max - 1 ? "\"length\"" : "null");
            if (chat && i == 0)
                await EventAsync(http, $$"""{{{head}},"choices":[{"index":0,"delta":{"role":"assistant","content":""},"logprobs":null,"finish_reason":null}]}""");
            await EventAsync(http, chat
                ? $$"""{{{head}},"choices":[{"index":0,"delta":{"content":{{text}}},"logprobs":null,"finish_reason":{{reason}}}]}"""
                : $$"""{{{head}},"choices":[{"index":0,"text":{{text}},"logprobs":null,"finish_reason":{{reason}},"stop_reason":null,"prompt_token_ids":null,"token_ids":null}],"usage":null}""");
        }

        if (body["stream_options"]?["include_usage"]?.GetValue<bool>() is true)
            await EventAsync(http, $$$"""{{{{head}}},"choices":[],"usage":{"prompt_tokens":{{{prompt}}},"total_tokens":{{{prompt + max}}},"completion_tokens":{{{max}}}}}""");
    }

    // The prefill side: blocks are held for a request that its length has ended, and freed for one that a stop token has.
    string HoldKv(JsonObject? parameters, string requestId, int prompt, int max)
    {
        if (parameters?["do_remote_decode"]?.GetValue<bool>() is not true || max != 1 || FirstTokenStops)
            return "null";
        var count = (prompt + BlockSize - 1) / BlockSize;
        var first = Interlocked.Add(ref nextBlock, count) - count;
        int[] blocks = [.. Enumerable.Range(first, count)];
        held[requestId] = blocks;
        return $$"""{"do_remote_prefill": true, "do_remote_decode": false, "remote_block_ids": [{{string.Join(", ", blocks)}}], "remote_engine_id": "{{EngineId}}", "remote_request_id": "{{requestId}}", "remote_host": "127.0.0.1", "remote_port": 5600, "tp_size": 1}""";
    }

    // The decode side: false when it should have pulled and could not.
    bool LoadKv(HttpContext http, JsonObject? parameters, int prompt)
    {
        if (parameters?["do_remote_prefill"]?.GetValue<bool>() is not true)
        {
            Interlocked.Increment(ref RecomputedRequests);
            return true;
        }

        int[] blocks = [.. parameters["remote_block_ids"]!.AsArray().Select(block => block!.GetValue<int>())];
        if (blocks.Length == 0)
            http.Abort();
        if (Engines.TryGetValue($"{parameters["remote_engine_id"]}", out var remote) && remote.held.TryRemove($"{parameters["remote_request_id"]}", out var theirs) && theirs.SequenceEqual(blocks) && blocks.Length * BlockSize >= prompt)
        {
            Interlocked.Increment(ref Pulls);
            Interlocked.Add(ref PulledBlocks, blocks.Length);
            return true;
        }

        if (RecomputesAfterLoadFailure)
            Interlocked.Increment(ref RecomputedRequests);
        return false;
    }

    string Whole(string id, bool chat, int prompt, int max, string kv)
    {
        var text = Json(Text(prompt, max));
        var reason = FirstTokenStops && max == 1 ? "stop" : "length";
        var choice = chat ? $$""" "message":{"role":"assistant","content":{{text}},"refusal":null} """ : $$""" "text":{{text}} """;
        return $$"""{"id":"{{id}}","object":"{{(chat ? "chat.completion" : "text_completion")}}","created":1,"model":"{{Model}}","choices":[{"index":0,{{choice.Trim()}},"logprobs":null,"finish_reason":"{{reason}}","stop_reason":null}],"usage":{"prompt_tokens":{{prompt}},"total_tokens":{{prompt + max}},"completion_tokens":{{max}},"prompt_tokens_details":null},"kv_transfer_params":{{kv}}}""";
    }

    static string Json(string text) => JsonSerializer.Serialize(text, PythonsEscapes);

    static int MaxTokens(JsonObject body) => (body["max_completion_tokens"] ?? body["max_tokens"])?.GetValue<int>() ?? 16;

    static async Task EventAsync(HttpContext http, string json)
    {
        await http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes($"data: {json}\n\n"), http.RequestAborted);
        await http.Response.Body.FlushAsync(http.RequestAborted);
    }

    static Task RefuseAsync(HttpContext http, int status, string type, string message) =>
        WriteAsync(http, status, $$$"""{"error":{"message":{{{Json(message)}}},"type":"{{{type}}}","param":null,"code":{{{status}}}}}""");
}
