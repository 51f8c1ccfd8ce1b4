using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Spark.Notebooks;

/// <summary>Takes a request in: checks its key, answers what the gateway knows itself, and gives the rest to a route.</summary>
internal sealed class FrontDoor(string? apiKey, BackendPool answering, IReadOnlyList<BackendState> backends, IRoute completions, SingleLeg single,
    LimitedRequests limited, ModelList models, GatewayCounters counters, TimeProvider clock)
{
    public async Task HandleAsync(HttpContext http)
    {
        try
        {
            await (!Admits(http.Request) ? WholeAnswer.WriteAsync(http, StatusCodes.Status401Unauthorized, """{"error":"Unauthorized"}"""u8.ToArray()) : http.Request.Path.Value switch
            {
                "/health" => HealthAsync(http),
                "/metrics" => WholeAnswer.WriteAsync(http, StatusCodes.Status200OK, Encoding.UTF8.GetBytes(GatewayMetrics.Text(backends, counters)), ExpositionText.ContentType),
                _ => ForwardAsync(http),
            });
        }
        catch (BadHttpRequestException error) when (!http.Response.HasStarted)
        {
            await VllmError.WriteAsync(http, error.StatusCode, error.Message);
        }
        catch (Exception error) when (!http.Response.HasStarted && !http.RequestAborted.IsCancellationRequested)
        {
            await VllmError.WriteAsync(http, StatusCodes.Status500InternalServerError, $"The gateway failed: {error.Message}");
        }
        catch (Exception)
        {
            http.Abort();
        }
    }

    async Task ForwardAsync(HttpContext http)
    {
        var exchange = new Exchange(http, await RequestBody.ReadAsync(http.Request), clock);
        await ((http.Request.Method, exchange.Path) switch
        {
            ("GET", "/v1/models") => models.ServeAsync(exchange),
            ("POST", "/v1/completions" or "/v1/chat/completions") => limited.ServeAsync(exchange, completions),
            ("POST", var path) when path.StartsWith("/v1/", StringComparison.Ordinal) => limited.ServeAsync(exchange, single),
            _ => single.ServeAsync(exchange),
        });
    }

    Task HealthAsync(HttpContext http) => answering.Healthy.Any() ? Task.CompletedTask
        : VllmError.WriteAsync(http, StatusCodes.Status503ServiceUnavailable, $"No {answering.Role} backend is healthy: {answering}.");

    bool Admits(HttpRequest request) => apiKey is null || request.Path.Value?.StartsWith("/v1", StringComparison.Ordinal) is not true
        || CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes($"{request.Headers.Authorization}"), Encoding.UTF8.GetBytes($"Bearer {apiKey}"));
}
