namespace Spark.Notebooks.Tests;

/// <summary>Two <see cref="Vllm013"/> in this process.</summary>
public sealed class Vllm013Pair : ServingPair, IAsyncLifetime
{
    Vllm013 prefill = null!, decode = null!;

    public override Backend Prefill => prefill.As("node-0");
    public override Backend Decode => decode.As("node-1");
    public override Task<long> PullsAsync() => Task.FromResult<long>(decode.Pulls);
    public override Task<double> UsedBlocksAsync() => Task.FromResult<double>(prefill.HeldBlocks + decode.HeldBlocks);

    public async ValueTask InitializeAsync()
    {
        (prefill, decode) = (await Vllm013.StartAsync(), await Vllm013.StartAsync());
        // Long answers take for ever, so that a client can leave in the middle.
        decode.BeforeToken = (http, i) => i == 1_000 ? Task.Delay(Timeout.Infinite, http.RequestAborted) : Task.CompletedTask;
    }

    public override async ValueTask DisposeAsync()
    {
        await prefill.DisposeAsync();
        await decode.DisposeAsync();
    }
}
