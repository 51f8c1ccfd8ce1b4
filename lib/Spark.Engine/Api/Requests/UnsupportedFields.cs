using System.Text.Json;

namespace Spark.Engine;

/// <summary>Refuses what would change the answer and is not done here; what only a different server would heed is let pass, as vLLM lets unknown fields pass.</summary>
internal static class UnsupportedFields
{
    static readonly string[] NotNull =
    [
        "suffix", "prompt_logprobs", "truncate_prompt_tokens", "allowed_token_ids", "structured_outputs",
        "guided_json", "guided_regex", "guided_choice", "guided_grammar", "guided_decoding_backend", "structural_tag",
    ];

    static readonly string[] NotEmpty = ["logit_bias", "use_beam_search", "bad_words"];

    /// <exception cref="ApiException">Names the field.</exception>
    public static void Refuse(JsonElement body)
    {
        var fields = new RequestFields(body);
        foreach (var name in NotNull)
            if (fields.Raw(name) is not null)
                throw ApiException.Unsupported(name);
        foreach (var name in NotEmpty)
            if (fields.IsTruthy(name))
                throw ApiException.Unsupported(name);
        if (fields.Raw("prompt_embeds") is not null)
            throw ApiException.BadRequest("You must set `--enable-prompt-embeds` to input `prompt_embeds`.");
        if (fields.IsTruthy("logits_processors"))
            throw ApiException.BadRequest("The `logits_processors` argument is not supported by this server. See --logits-processor-pattern engine argument for more information.");
        if (fields.Raw("response_format") is { } format && !(format.ValueKind == JsonValueKind.Object && format.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String && type.ValueEquals("text")))
            throw ApiException.Unsupported("response_format other than {\"type\": \"text\"}");
        if (fields.Raw("best_of") is { } bestOf && bestOf.GetRawText() != (fields.Raw("n")?.GetRawText() ?? "1"))
            throw ApiException.Unsupported("best_of other than n");
        RefuseTools(fields);
    }

    static void RefuseTools(RequestFields fields)
    {
        var choice = fields.Raw("tool_choice") is { } given ? JinjaValue.FromJson(given) as string ?? "a named tool" : fields.IsTruthy("tools") ? "auto" : "none";
        if (choice == "auto")
            throw ApiException.BadRequest("\"auto\" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set");
        if (choice != "none")
            throw ApiException.Unsupported($"tool_choice {choice}");
    }
}
