using System.Diagnostics;
using Spark.Notebooks;

namespace Spark.Benchmarks;

/// <summary>A proxy in a process of its own, so that its CPU time is nobody else's.</summary>
sealed class ProxyProcess : IAsyncDisposable
{
    public const string Bare = "bare", RoundRobin = "round-robin", PrefillDecode = "prefill-decode";

    readonly Process process;

    ProxyProcess(Process process, Uri address) => (this.process, Address) = (process, address);

    public Uri Address { get; }

    public TimeSpan CpuTime
    {
        get
        {
            process.Refresh();
            return process.TotalProcessorTime;
        }
    }

    public static async Task<ProxyProcess> StartAsync(string kind, Uri backend)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, ["proxy", kind, backend.AbsoluteUri]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        var process = Process.Start(start)!;
        return new(process, new((await process.StandardOutput.ReadLineAsync())!));
    }

    /// <summary>What the process runs.</summary>
    public static async Task<int> RunAsync(string kind, Uri backend)
    {
        await using IAsyncDisposable proxy = kind == Bare ? await BareForwarder.StartAsync(backend) : await Gateway.StartAsync(new()
        {
            Backends = [new("node-1", backend)],
            Prefill = kind == PrefillDecode ? [new("node-0", backend)] : [],
            Policy = kind,
        });
        Console.WriteLine(proxy is Gateway gateway ? gateway.Address : ((BareForwarder)proxy).Address);
        await Console.In.ReadToEndAsync();
        return 0;
    }

    public async ValueTask DisposeAsync()
    {
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        process.Dispose();
    }
}
