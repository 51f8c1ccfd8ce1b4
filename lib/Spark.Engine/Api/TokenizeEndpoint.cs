using Microsoft.AspNetCore.Http;

namespace Spark.Engine;

/// <summary><c>POST /tokenize</c> and <c>POST /detokenize</c>.</summary>
internal sealed class TokenizeEndpoint(Serving serving)
{
    readonly ChatRenderer renderer = new(serving);

    public async Task TokenizeAsync(HttpContext http, CancellationToken cancellation)
    {
        var fields = new RequestFields(await RequestBody.ReadAsync(http, serving.Options));
        var model = fields.MaybeText("model");
        var withPieces = fields.Maybe<bool>("return_token_strs", FieldRules.Flag) ?? false;
        var chat = fields.Has("messages") ? ChatPrompt.Read(fields) : null;
        var text = chat is null ? fields.Required<string>("prompt", FieldRules.String, "") : "";
        var addSpecialTokens = fields.Get("add_special_tokens", FieldRules.Flag, true);
        fields.ThrowIfAnyProblem();
        serving.CheckModel(model);

        var tokens = chat is null ? serving.Tokenizer.Encode(text, addSpecialTokens) : renderer.Render(chat).TokenIds;
        await JsonResponse.WriteAsync(http, json =>
        {
            json.WriteStartObject();
            json.WriteNumber("count"u8, tokens.Length);
            json.WriteNumber("max_model_len"u8, serving.Engine.MaxModelLen);
            json.WriteTokens("tokens"u8, tokens);
            if (withPieces)
            {
                json.WriteStartArray("token_strs"u8);
                foreach (var token in tokens)
                    json.WriteStringValue(serving.Tokenizer.Piece(token));
                json.WriteEndArray();
            }
            else
                json.WriteNull("token_strs"u8);
            json.WriteEndObject();
        });
    }

    public async Task DetokenizeAsync(HttpContext http, CancellationToken cancellation)
    {
        var fields = new RequestFields(await RequestBody.ReadAsync(http, serving.Options));
        var model = fields.MaybeText("model");
        var tokens = fields.Required("tokens", FieldRules.ListOf<long>(FieldRules.Int), []);
        fields.ThrowIfAnyProblem();
        serving.CheckModel(model);
        if (tokens.FirstOrDefault(t => t < 0 || t >= serving.Tokenizer.VocabSize, -2) is not -2 and var unknown)
            throw ApiException.BadRequest($"Token id {unknown} is out of vocabulary");

        var text = serving.Tokenizer.Decode([.. tokens.Select(t => (int)t)], skipSpecialTokens: false);
        await JsonResponse.WriteAsync(http, json =>
        {
            json.WriteStartObject();
            json.WriteString("prompt"u8, text);
            json.WriteEndObject();
        });
    }
}
