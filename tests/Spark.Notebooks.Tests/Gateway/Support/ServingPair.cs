namespace Spark.Notebooks.Tests;

/// <summary>A prefill and a decode instance that share nothing but KV transfers, whatever they are made of; both serve the model <c>tales</c>.</summary>
public abstract class ServingPair : IAsyncDisposable
{
    public abstract Backend Prefill { get; }

    public abstract Backend Decode { get; }

    /// <summary>How many KV caches the decode instance has pulled.</summary>
    public abstract Task<long> PullsAsync();

    /// <summary>KV blocks that either instance uses or holds for somebody, or a share above zero of them.</summary>
    public abstract Task<double> UsedBlocksAsync();

    public abstract ValueTask DisposeAsync();

    internal GatewayOptions Options => Quiet.Options(Decode) with { Prefill = [Prefill] };

    public Task IdleAsync() => Eventually.TrueAsync(async () => await UsedBlocksAsync() == 0, "neither instance holds a block");
}
