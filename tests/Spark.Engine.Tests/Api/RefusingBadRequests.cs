using System.Net;
using System.Text.Json;

namespace Spark.Engine.Tests;

public class RefusingBadRequests(TalesServer tales)
{
    const string Completions = "/v1/completions", Chat = "/v1/chat/completions";

    [Theory]
    [InlineData(""" "max_tokens": 0 """, "max_tokens must be at least 1, got 0.")]
    [InlineData(""" "max_tokens": -5 """, "max_tokens must be at least 1, got -5.")]
    [InlineData(""" "max_tokens": 2048 """, "This model's maximum context length is 0 tokens. However, your request has 2 input tokens. Please reduce the length of the input messages.")]
    [InlineData(""" "max_tokens": 1e17 """, "This model's maximum context length is -99999999999997952 tokens. However, your request has 2 input tokens. Please reduce the length of the input messages.")]
    [InlineData(""" "min_tokens": 5, "max_tokens": 1 """, "min_tokens must be less than or equal to max_tokens=1, got 5.")]
    [InlineData(""" "min_tokens": -1 """, "min_tokens must be greater than or equal to 0, got -1.")]
    [InlineData(""" "n": 0 """, "n must be at least 1, got 0.")]
    [InlineData(""" "n": 16385 """, "n must be at most 16384, got 16385.")]
    [InlineData(""" "n": 2, "temperature": 0 """, "n must be 1 when using greedy sampling, got 2.")]
    [InlineData(""" "temperature": -1 """, "temperature must be non-negative, got -1.0.")]
    [InlineData(""" "top_p": 0 """, "top_p must be in (0, 1], got 0.0.")]
    [InlineData(""" "top_p": 1.1 """, "top_p must be in (0, 1], got 1.1.")]
    [InlineData(""" "top_k": -2 """, "top_k must be 0 (disable), or at least 1, got -2.")]
    [InlineData(""" "min_p": 2 """, "min_p must be in [0, 1], got 2.0.")]
    [InlineData(""" "presence_penalty": 2.5 """, "presence_penalty must be in [-2, 2], got 2.5.")]
    [InlineData(""" "frequency_penalty": -3 """, "frequency_penalty must be in [-2, 2], got -3.0.")]
    [InlineData(""" "repetition_penalty": 0 """, "repetition_penalty must be greater than zero, got 0.0.")]
    [InlineData(""" "logprobs": 21 """, "Requested sample logprobs of 21, which is greater than max allowed: 20")]
    [InlineData(""" "stop": ["a", ""] """, "stop cannot contain an empty string.")]
    [InlineData(""" "suffix": "x" """, "suffix is not currently supported")]
    [InlineData(""" "logit_bias": {"5": 1} """, "logit_bias is not currently supported")]
    [InlineData(""" "use_beam_search": true """, "use_beam_search is not currently supported")]
    [InlineData(""" "prompt_logprobs": 1 """, "prompt_logprobs is not currently supported")]
    [InlineData(""" "truncate_prompt_tokens": 1 """, "truncate_prompt_tokens is not currently supported")]
    [InlineData(""" "allowed_token_ids": [1] """, "allowed_token_ids is not currently supported")]
    [InlineData(""" "guided_json": {} """, "guided_json is not currently supported")]
    [InlineData(""" "structured_outputs": {"regex": "a"} """, "structured_outputs is not currently supported")]
    [InlineData(""" "response_format": {"type": "json_object"} """, "response_format other than {\"type\": \"text\"} is not currently supported")]
    [InlineData(""" "best_of": 3 """, "best_of other than n is not currently supported")]
    [InlineData(""" "echo": true, "logprobs": 1 """, "echo with logprobs is not currently supported")]
    [InlineData(""" "prompt_embeds": "AA==" """, "You must set `--enable-prompt-embeds` to input `prompt_embeds`.")]
    [InlineData(""" "prompt": [] """, "please provide at least one prompt")]
    [InlineData(""" "prompt": [[]] """, "Please provide at least one prompt")]
    [InlineData(""" "prompt": [[5], []] """, "The decoder prompt cannot be empty")]
    [InlineData(""" "prompt": [""], "add_special_tokens": false """, "The decoder prompt cannot be empty")]
    [InlineData(""" "prompt": [5, 4096] """, "Token id 4096 is out of vocabulary")]
    [InlineData(""" "prompt": [5, -1] """, "Token id -1 is out of vocabulary")]
    [InlineData(""" "prompt": [5, 99999999999] """, "Token id 2147483647 is out of vocabulary")]
    public async Task Completions_name_the_field_and_its_range(string fields, string message) =>
        // A key that comes twice counts as it comes last, as in Python.
        await RefusedAsync(Completions, $$"""{"prompt": "a", {{fields}}}""", "BadRequestError", message);

    [Theory]
    [InlineData(""" "stream_options": {"include_usage": true} """, "Stream options can only be defined when `stream=True`.")]
    [InlineData(""" "cache_salt": "" """, "Parameter 'cache_salt' must be a non-empty string if provided.")]
    [InlineData(""" "cache_salt": 5 """, "Parameter 'cache_salt' must be a non-empty string if provided.")]
    [InlineData(""" "logprobs": -1 """, "`logprobs` must be a positive value.")]
    [InlineData(""" "prompt": "" """, "Either prompt or prompt_embeds must be provided and non-empty.")]
    [InlineData(""" "prompt": null """, "Either prompt or prompt_embeds must be provided and non-empty.")]
    public async Task What_is_wrong_with_the_body_as_a_whole_is_said_with_the_body(string fields, string message)
    {
        var body = $$"""{"max_tokens": 4, "prompt": "a", {{fields}}}""";
        var input = PythonText.Repr(JinjaValue.FromJson(ServerUnderTest.Parse(body)));
        await RefusedAsync(Completions, body, "Bad Request",
            $"[{{'type': 'value_error', 'loc': ('body',), 'msg': {PythonText.Repr("Value error, " + message)}, 'input': {input}, 'ctx': {{'error': ValueError({PythonText.Repr(message)})}}}}]");
    }

    [Theory]
    [InlineData(""" "top_logprobs": -2, "logprobs": true """, "`top_logprobs` must be a positive value or -1.")]
    [InlineData(""" "top_logprobs": 2 """, "when using `top_logprobs`, `logprobs` must be set to true.")]
    [InlineData(""" "continue_final_message": true, "add_generation_prompt": true """, "Cannot set both `continue_final_message` and `add_generation_prompt` to True.")]
    [InlineData(""" "tool_choice": "auto" """, "When using `tool_choice`, `tools` must be set.")]
    public async Task So_it_is_for_chat(string fields, string message) =>
        Assert.Contains($"'msg': {PythonText.Repr("Value error, " + message)}", await ErrorAsync(Chat, $$"""{"messages": [{"role": "user", "content": "a"}], {{fields}}}""", 400, "Bad Request"));

    [Theory]
    [InlineData(""" "messages": [] """, "messages must hold at least one message")]
    [InlineData(""" "max_tokens": 0 """, "max_tokens must be at least 1, got 0.")]
    [InlineData(""" "max_tokens": 2047 """, "'max_tokens' or 'max_completion_tokens' is too large: 2047. This model's maximum context length is 2048 tokens and your request has 2 input tokens (2047 > 2048 - 2).")]
    [InlineData(""" "logprobs": true, "top_logprobs": -1 """, "Requested sample logprobs of 4096, which is greater than max allowed: 20")]
    [InlineData(""" "tools": [{"type": "function"}] """, "\"auto\" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set")]
    [InlineData(""" "tools": [{"type": "function"}], "tool_choice": "required" """, "tool_choice required is not currently supported")]
    [InlineData(""" "chat_template": "x" """, "Chat template is passed with request, but --trust-request-chat-template is not set. Refused request with untrusted chat template.")]
    [InlineData(""" "bad_words": ["x"] """, "bad_words is not currently supported")]
    [InlineData(""" "messages": [{"role": "user", "content": [{"type": "image_url"}]}] """, "this model reads text alone: a part of a message's content must be {\"type\": \"text\", \"text\": …}, not {\"type\": \"image_url\"}")]
    [InlineData(""" "messages": [{"role": "user", "content": 5}] """, "a message's content must be a string or a list of parts, not 5")]
    public async Task Chat_names_the_field_and_its_range(string fields, string message) =>
        await RefusedAsync(Chat, $$"""{"messages": [{"role": "user", "content": "a"}], {{fields}}}""", "BadRequestError", message);

    [Fact]
    public async Task A_template_that_raises_an_exception_is_quoted()
    {
        await using var server = await ServerUnderTest.StartAsync(new ScriptedEngine(ScriptedEngine.Drone), chatTemplate: "{{ raise_exception('Roles must alternate!') }}");
        using var response = await server.PostAsync(Chat, """{"messages": [{"role": "user", "content": "a"}]}""");
        Assert.Equal("""{"error":{"message":"Roles must alternate!","type":"BadRequestError","param":null,"code":400}}""", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_prompt_that_is_too_long_is_told_the_context_length()
    {
        var long_ = string.Concat(Enumerable.Repeat("king ", 3000));
        var tokens = Tales.Tokenizer.Encode(long_, true).Length;
        await RefusedAsync(Completions, $$"""{"prompt": "{{long_}}", "max_tokens": 10}""", "BadRequestError", $"This model's maximum context length is 2038 tokens. However, your request has {tokens} input tokens. Please reduce the length of the input messages.");
        await RefusedAsync(Chat, $$"""{"messages": [{"role": "user", "content": "{{long_}}"}]}""", "BadRequestError", $"This model's maximum context length is 2048 tokens. However, your request has {tokens} input tokens. Please reduce the length of the input messages.");
    }

    [Theory]
    [InlineData(Completions, """ "prompt": "a" """), InlineData(Chat, """ "messages": [{"role": "user", "content": "a"}] """), InlineData("/tokenize", """ "prompt": "a" """), InlineData("/detokenize", """ "tokens": [1] """)]
    public async Task An_unknown_model_is_not_found(string path, string fields) =>
        Assert.Equal("The model `gpt-4` does not exist.", await ErrorAsync(path, $$"""{"model": "gpt-4", {{fields}}}""", 404, "NotFoundError"));

    [Theory]
    [InlineData("", "application/json", "[{'type': 'missing', 'loc': ('body',), 'msg': 'Field required', 'input': None}]")]
    [InlineData("{\n\"a\": }", "application/json", "[{'type': 'json_invalid', 'loc': ('body', 7), 'msg': 'JSON decode error', 'input': None, 'ctx': {'error': \"'}' is an invalid start of a value.\"}}]")]
    [InlineData("[1]", "application/json", "[{'type': 'model_attributes_type', 'loc': ('body',), 'msg': 'Input should be a valid dictionary or object to extract fields from', 'input': [1]}]")]
    [InlineData("""{"prompt": "a"}""", "text/plain", "[\"Unsupported Media Type: Only 'application/json' is allowed\"]")]
    [InlineData("""{"prompt": "a"}""", "", "[\"Unsupported Media Type: Only 'application/json' is allowed\"]")]
    [InlineData("""{"prompt": "\ud800"}""", "application/json", "There was an error parsing the body: half a surrogate pair is no character")]
    public async Task What_is_no_request_at_all_is_refused(string body, string mediaType, string message)
    {
        using var response = await tales.Server.PostAsync(Completions, body, mediaType);
        Assert.Equal(message, await CheckedAsync(response, 400, "Bad Request"));
    }

    [Fact]
    public async Task Bytes_that_are_no_text_are_refused()
    {
        using var content = new ByteArrayContent([.. "{\"prompt\": \""u8, 0xff, .. "\"}"u8]);
        content.Headers.ContentType = new("application/json");
        using var response = await tales.Server.Client.PostAsync(Completions, content);
        Assert.Equal("There was an error parsing the body", await CheckedAsync(response, 400, "Bad Request"));
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_body_that_is_too_large_is_refused(bool chunked)
    {
        await using var server = await ServerUnderTest.StartAsync(new ScriptedEngine(ScriptedEngine.Drone), o => o with { MaxBodyBytes = 1000 });
        using var request = new HttpRequestMessage(HttpMethod.Post, Completions) { Content = new ByteArrayContent(new byte[2000]) };
        request.Content.Headers.ContentType = new("application/json");
        request.Headers.TransferEncodingChunked = chunked;
        using var response = await server.Client.SendAsync(request);
        Assert.Equal("The request body is larger than 1000 bytes.", await CheckedAsync(response, 413, "Request Entity Too Large"));
    }

    [Theory]
    [InlineData("GET", "/", 404, """{"detail":"Not Found"}""")]
    [InlineData("POST", "/v1/embeddings", 404, """{"detail":"Not Found"}""")]
    [InlineData("GET", "/v1/models/tales", 404, """{"detail":"Not Found"}""")]
    [InlineData("GET", Completions, 405, """{"detail":"Method Not Allowed"}""")]
    [InlineData("POST", "/health", 405, """{"detail":"Method Not Allowed"}""")]
    [InlineData("DELETE", "/v1/models", 405, """{"detail":"Method Not Allowed"}""")]
    public async Task What_is_not_there_is_answered_as_Starlette_answers(string method, string path, int status, string body)
    {
        using var response = await tales.Server.Client.SendAsync(new HttpRequestMessage(new(method), path));
        Assert.Equal((status, body), ((int)response.StatusCode, await response.Content.ReadAsStringAsync()));
        Assert.Equal("application/json", response.Content.Headers.ContentType!.ToString());
        Assert.Equal(status == 405, response.Content.Headers.Allow.Count > 0);
    }

    [Fact]
    public async Task An_id_that_is_in_use_is_refused_until_it_is_free()
    {
        using var gate = new SemaphoreSlim(0);
        await using var server = await ServerUnderTest.StartAsync(new ScriptedEngine(r => ScriptedEngine.Say(r, "so")) { Pace = (r, _, cancellation) => r.PromptTokenIds.Length == 2 ? gate.WaitAsync(cancellation) : Task.CompletedTask });
        var first = server.JsonAsync(Completions, """{"prompt": "a", "request_id": "twin"}""");
        while ((await server.Client.GetStringAsync("/load")) != """{"server_load":1}""")
            await Task.Delay(1);
        using (var second = await server.PostAsync(Completions, """{"prompt": "a b", "request_id": "twin"}"""))
            Assert.Equal("Request id cmpl-twin already running.", await CheckedAsync(second, 400, "BadRequestError"));
        gate.Release(100);
        await first;
        await server.JsonAsync(Completions, """{"prompt": "a b", "request_id": "twin"}""");
    }

    [Fact]
    public async Task Unknown_fields_are_let_pass() =>
        await tales.Server.JsonAsync(Completions, """{"prompt": "a", "max_tokens": 1, "colour": "blue", "priority": 3, "user": "u", "kv_transfer_params": {"do_remote_decode": true}, "guided_json": null, "best_of": 1, "response_format": {"type": "text"}, "logit_bias": {}, "vllm_xargs": {"a": 1}}""");

    async Task RefusedAsync(string path, string body, string type, string message) => Assert.Equal(message, await ErrorAsync(path, body, 400, type));

    async Task<string> ErrorAsync(string path, string body, int status, string type)
    {
        using var response = await tales.Server.PostAsync(path, body);
        return await CheckedAsync(response, status, type);
    }

    static async Task<string> CheckedAsync(HttpResponseMessage response, int status, string type)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.Equal((HttpStatusCode)status, response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType!.ToString());
        var error = ServerUnderTest.Parse(text).GetProperty("error");
        Assert.Equal(["message", "type", "param", "code"], error.EnumerateObject().Select(m => m.Name));
        Assert.Equal((type, JsonValueKind.Null, status), (error.GetProperty("type").GetString(), error.GetProperty("param").ValueKind, error.GetProperty("code").GetInt32()));
        return error.GetProperty("message").GetString()!;
    }
}
