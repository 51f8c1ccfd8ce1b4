using System.Text.Json;

namespace Spark.Engine;

/// <summary>The fields that completions and chat have in common, as a request gives them; <see cref="SamplingRules"/> judges their values.</summary>
internal sealed record GenerationFields
{
    public required string? Model { get; init; }
    public long N { get; init; } = 1;
    public required long? Seed { get; init; }
    public required List<string> Stop { get; init; }
    public required List<long> StopTokenIds { get; init; }
    public required bool IncludeStopStringInOutput { get; init; }
    public required bool IgnoreEos { get; init; }
    public required long MinTokens { get; init; }
    public required double? Temperature { get; init; }
    public required double? TopP { get; init; }
    public required long? TopK { get; init; }
    public required double? MinP { get; init; }
    public required double? RepetitionPenalty { get; init; }
    public required double PresencePenalty { get; init; }
    public required double FrequencyPenalty { get; init; }
    public required bool SkipSpecialTokens { get; init; }
    public required bool Stream { get; init; }
    public required StreamUsage StreamUsage { get; init; }

    /// <summary>Empty where the request leaves its id to the server.</summary>
    public required string RequestId { get; init; }
    public required bool ReturnTokenIds { get; init; }
    public required bool ReturnTokensAsTokenIds { get; init; }
    public required string? CacheSalt { get; init; }

    /// <summary>How a disaggregated prefill is handed over; an engine without a KV connector serves such a request like any other.</summary>
    public required KvTransferParams? Transfer { get; init; }

    static readonly FieldRule<List<string>> Strings = FieldRules.OneOf(("str", One), ("list[str]", FieldRules.ListOf<string>(FieldRules.String)));

    /// <exception cref="ApiException">The body as a whole is not valid; a field that is not adds to the problems instead.</exception>
    public static GenerationFields Read(RequestFields fields)
    {
        if (fields.Raw("cache_salt") is { } salt && (salt.ValueKind != JsonValueKind.String || salt.ValueEquals("")))
            fields.Refuse("Parameter 'cache_salt' must be a non-empty string if provided.");
        if (fields.IsTruthy("stream_options") && !fields.IsTruthy("stream"))
            fields.Refuse("Stream options can only be defined when `stream=True`.");
        if (fields.Raw("prompt_logprobs") is { ValueKind: JsonValueKind.Number } asked && asked.GetDouble() is < 0 and not -1)
            fields.Refuse("`prompt_logprobs` must be a positive value or -1.");

        fields.MaybeText("user");
        return new()
        {
            Model = fields.MaybeText("model"),
            Seed = fields.Maybe<long>("seed", FieldRules.Seed),
            Stop = fields.List("stop", Strings),
            StopTokenIds = fields.List("stop_token_ids", FieldRules.ListOf<long>(FieldRules.Int)),
            IncludeStopStringInOutput = fields.Get("include_stop_str_in_output", FieldRules.Flag, false),
            IgnoreEos = fields.Get("ignore_eos", FieldRules.Flag, false),
            MinTokens = fields.Get("min_tokens", FieldRules.Int, 0L),
            Temperature = fields.Maybe<double>("temperature", FieldRules.Number),
            TopP = fields.Maybe<double>("top_p", FieldRules.Number),
            TopK = fields.Maybe<long>("top_k", FieldRules.Int),
            MinP = fields.Maybe<double>("min_p", FieldRules.Number),
            RepetitionPenalty = fields.Maybe<double>("repetition_penalty", FieldRules.Number),
            PresencePenalty = fields.Maybe<double>("presence_penalty", FieldRules.Number) ?? 0,
            FrequencyPenalty = fields.Maybe<double>("frequency_penalty", FieldRules.Number) ?? 0,
            SkipSpecialTokens = fields.Get("skip_special_tokens", FieldRules.Flag, true),
            Stream = fields.Maybe<bool>("stream", FieldRules.Flag) ?? false,
            StreamUsage = Usage(fields.Section("stream_options")),
            RequestId = fields.Get<string>("request_id", FieldRules.String, ""),
            ReturnTokenIds = fields.Maybe<bool>("return_token_ids", FieldRules.Flag) ?? false,
            ReturnTokensAsTokenIds = fields.Maybe<bool>("return_tokens_as_token_ids", FieldRules.Flag) ?? false,
            CacheSalt = fields.MaybeText("cache_salt"),
            Transfer = fields.Maybe<JsonElement>("kv_transfer_params", FieldRules.Map) is { } transfer ? KvTransferParams.Read(transfer) : null,
        };
    }

    static StreamUsage Usage(RequestFields? options)
    {
        if (options is null)
            return StreamUsage.Nowhere;
        var included = options.Raw("include_usage") is null ? !options.Has("include_usage") : options.Get("include_usage", FieldRules.Flag, true);
        var always = options.Maybe<bool>("continuous_usage_stats", FieldRules.Flag) ?? false;
        return !included ? StreamUsage.Nowhere : always ? StreamUsage.InEveryChunk : StreamUsage.AtTheEnd;
    }

    static bool One(JsonElement value, FieldProblems problems, out List<string> result)
    {
        var isString = FieldRules.String(value, problems, out var text);
        result = [text];
        return isString;
    }
}
