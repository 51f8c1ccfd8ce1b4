using Spark.Notebooks;

namespace Spark.Benchmarks;

/// <summary>A proxy in a process of its own, so that its CPU time is nobody else's.</summary>
sealed class ProxyProcess(HelperProcess process, Uri address) : IProxy
{
    public const string Bare = "bare", BareTwoLegs = "bare-two-legs", RoundRobin = "round-robin", PrefillDecode = "prefill-decode";

    public Uri Address => address;

    public TimeSpan CpuTime => process.CpuTime;

    public static async Task<ProxyProcess> StartAsync(string kind, Uri backend)
    {
        var process = HelperProcess.StartLikeKernel("proxy", kind, backend.AbsoluteUri);
        return new(process, new(await process.AnswerAsync()));
    }

    /// <summary>What the process runs.</summary>
    public static async Task<int> RunAsync(string kind, Uri backend)
    {
        await using IAsyncDisposable proxy = kind is Bare or BareTwoLegs ? await BareForwarder.StartAsync(backend, twoLegs: kind == BareTwoLegs) : await Gateway.StartAsync(new()
        {
            Backends = [new("node-1", backend)],
            Prefill = kind == PrefillDecode ? [new("node-0", backend)] : [],
            Policy = kind,
        });
        Console.WriteLine(proxy is Gateway gateway ? gateway.Address : ((BareForwarder)proxy).Address);
        await Console.In.ReadToEndAsync();
        return 0;
    }

    public ValueTask DisposeAsync() => process.DisposeAsync();
}
