namespace Spark.Notebooks;

/// <summary>A reverse proxy for vLLM servers in this process: it balances requests over backends, or splits each into a prefill and a decode leg.</summary>
public sealed class Gateway : IAsyncDisposable
{
    /// <summary>Where it listens.</summary>
    public Uri Address => throw new NotImplementedException();

    /// <summary>The most that it lets be in flight at once.</summary>
    public int MaxInFlight { get; }

    /// <summary>What on this machine may keep it from its limit; empty when nothing does.</summary>
    public IReadOnlyList<string> Warnings { get; } = [];

    /// <summary>The last requests that ended, newest last.</summary>
    public IReadOnlyList<RoutedRequest> Routed => throw new NotImplementedException();

    public GatewaySnapshot Snapshot() => throw new NotImplementedException();

    /// <summary>Starts listening on 127.0.0.1.</summary>
    /// <exception cref="ArgumentException">An option is wrong; the message names it.</exception>
    /// <exception cref="IOException">The port is taken.</exception>
    public static Task<Gateway> StartAsync(GatewayOptions options, TimeProvider? clock = null, CancellationToken cancellation = default) => throw new NotImplementedException();

    public ValueTask DisposeAsync() => throw new NotImplementedException();
}
