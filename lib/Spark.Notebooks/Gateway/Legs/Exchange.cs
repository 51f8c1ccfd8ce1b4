using Microsoft.AspNetCore.Http;

namespace Spark.Notebooks;

/// <summary>One client's request on its way through the gateway, and what is known of it so far.</summary>
internal sealed class Exchange(HttpContext http, byte[] body, TimeProvider clock)
{
    // Drawn once: random bytes for each request would cost a system call each.
    static readonly string IdPrefix = $"{Guid.NewGuid():N}"[..16];
    static long idsGiven;

    readonly long arrived = clock.GetTimestamp();
    readonly DateTimeOffset arrivedAt = clock.GetUtcNow();
    readonly List<RoutedLeg> legs = [];

    public HttpContext Http => http;

    /// <summary>As the client sent it.</summary>
    public byte[] Body => body;

    public string Path { get; } = http.Request.Path.Value ?? "/";

    /// <summary>The client's own, or a new one that the backends see as the client's.</summary>
    public string Id { get; } = IdOf(http);

    public TimeSpan Elapsed => clock.GetElapsedTime(arrived);

    public bool ClientGone => http.RequestAborted.IsCancellationRequested;

    public int? PromptTokens { get; set; }
    public int? KvBlocks { get; set; }
    public string? Fallback { get; set; }
    public string? Bypass { get; set; }

    /// <summary>What the client was told instead of a backend's answer, or why that answer broke off.</summary>
    public string? Error { get; set; }

    /// <summary>As long as nobody has answered the client, it counts as gone.</summary>
    public RoutedOutcome Outcome { get; set; } = RoutedOutcome.ClientGone;

    public IReadOnlyList<RoutedLeg> Legs => legs;

    public void EndLeg(BackendState backend, LegEnd end, RoutedLeg leg)
    {
        legs.Add(leg);
        backend.End(end, leg);
    }

    /// <summary>Answers with the gateway's own error.</summary>
    public async Task FailAsync(int status, string message)
    {
        GatewayHeaders.Write(this);
        await VllmError.WriteAsync(http, status, message);
        (Error, Outcome) = (message, RoutedOutcome.Failed);
    }

    public RoutedRequest ToRecord(string policy) => new()
    {
        Id = Id,
        Arrived = arrivedAt,
        Policy = policy,
        Legs = legs,
        Duration = Elapsed,
        Outcome = Outcome,
        Error = Error,
        PromptTokens = PromptTokens,
        KvBlocks = KvBlocks,
        Fallback = Fallback,
        Bypass = Bypass,
    };

    static string IdOf(HttpContext http)
    {
        var given = http.Request.Headers[GatewayHeaders.RequestId];
        return given is [{ Length: > 0 } id] ? id : $"{IdPrefix}{Interlocked.Increment(ref idsGiven):x16}";
    }
}
