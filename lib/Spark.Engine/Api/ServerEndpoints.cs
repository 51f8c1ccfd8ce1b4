using Microsoft.AspNetCore.Http;

namespace Spark.Engine;

/// <summary>What the server says of itself.</summary>
internal sealed class ServerEndpoints(Serving serving)
{
    /// <summary>200 with no body while the engine lives, 503 after.</summary>
    public Task HealthAsync(HttpContext http, CancellationToken cancellation)
    {
        http.Response.StatusCode = serving.Engine.Failure is null ? 200 : 503;
        return Task.CompletedTask;
    }

    public Task VersionAsync(HttpContext http, CancellationToken cancellation) => JsonResponse.WriteAsync(http, json =>
    {
        json.WriteStartObject();
        json.WriteString("version"u8, serving.Options.Version);
        json.WriteEndObject();
    });

    public Task LoadAsync(HttpContext http, CancellationToken cancellation) => JsonResponse.WriteAsync(http, json =>
    {
        json.WriteStartObject();
        json.WriteNumber("server_load"u8, serving.Load);
        json.WriteEndObject();
    });

    public Task MetricsAsync(HttpContext http, CancellationToken cancellation)
    {
        http.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
        return http.Response.WriteAsync(serving.Metrics.Exposition(), cancellation);
    }

    public Task ModelsAsync(HttpContext http, CancellationToken cancellation) => JsonResponse.WriteAsync(http, json =>
    {
        json.WriteStartObject();
        json.WriteString("object"u8, "list"u8);
        json.WriteStartArray("data"u8);
        foreach (var name in serving.Options.ServedModelNames)
        {
            json.WriteStartObject();
            json.WriteString("id"u8, name);
            json.WriteString("object"u8, "model"u8);
            json.WriteNumber("created"u8, serving.UnixSeconds);
            json.WriteString("owned_by"u8, "vllm"u8);
            json.WriteString("root"u8, serving.Options.ModelPath);
            json.WriteNull("parent"u8);
            json.WriteNumber("max_model_len"u8, serving.Engine.MaxModelLen);
            json.WriteStartArray("permission"u8);
            json.WriteStartObject();
            json.WriteString("id"u8, $"modelperm-{Guid.NewGuid():N}");
            json.WriteString("object"u8, "model_permission"u8);
            json.WriteNumber("created"u8, serving.UnixSeconds);
            json.WriteBoolean("allow_create_engine"u8, false);
            json.WriteBoolean("allow_sampling"u8, true);
            json.WriteBoolean("allow_logprobs"u8, true);
            json.WriteBoolean("allow_search_indices"u8, false);
            json.WriteBoolean("allow_view"u8, true);
            json.WriteBoolean("allow_fine_tuning"u8, false);
            json.WriteString("organization"u8, "*"u8);
            json.WriteNull("group"u8);
            json.WriteBoolean("is_blocking"u8, false);
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    });
}
