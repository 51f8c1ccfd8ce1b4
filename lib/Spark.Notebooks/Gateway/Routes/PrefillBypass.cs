namespace Spark.Notebooks;

/// <summary>Tells which requests have nothing to gain from a prefill instance, or cannot be split.</summary>
internal sealed class PrefillBypass(TokenCounter tokens, int minRemotePrefillTokens)
{
    /// <summary>Null when the request is to be split; else why not, one of a few reasons as metrics count by it.</summary>
    public async ValueTask<string?> ReasonAsync(Exchange exchange, JsonMembers? body)
    {
        // Either is for the decode instance to refuse, in its own words.
        if (body is null)
            return "unreadable body";
        if (body["stream_options"].Length > 0 && !body.IsTrue("stream"))
            return "stream_options without a stream";
        if (body["kv_transfer_params"].Length > 0)
            return "own kv_transfer_params";
        // vLLM hands over the blocks of the first choice of the first prompt only.
        if (body["n"].Length > 0 && !body["n"].Span.SequenceEqual("1"u8))
            return "n > 1";
        if (body["best_of"].Length > 0 && !body["best_of"].Span.SequenceEqual("1"u8))
            return "best_of > 1";
        if (body.IsTrue("use_beam_search"))
            return "beam search";
        // Both want logits of the whole prompt, which the decode instance would not compute.
        if (body.IsTrue("echo"))
            return "echo";
        if (body["prompt_logprobs"].Length > 0)
            return "prompt_logprobs";
        var prompt = PromptShape.Read(body["prompt"]);
        if (prompt.Prompts != 1)
            return "several prompts";
        if (minRemotePrefillTokens == 0)
            return null;
        exchange.PromptTokens = prompt.Tokens ?? await tokens.CountAsync(exchange, body, prompt.Text);
        return exchange.PromptTokens < minRemotePrefillTokens ? "short prompt" : null;
    }
}
