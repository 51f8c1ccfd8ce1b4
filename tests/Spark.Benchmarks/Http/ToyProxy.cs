using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Spark.Benchmarks;

/// <summary>vLLM's reference proxy for disaggregated prefill, <c>toy_proxy_server.py</c>, by the Python that has FastAPI, httpx and uvicorn.</summary>
sealed class ToyProxy : IProxy
{
    static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(20);
    readonly Process process;

    ToyProxy(Process process, Uri address) => (this.process, Address) = (process, address);

    public Uri Address { get; }

    public TimeSpan CpuTime
    {
        get
        {
            process.Refresh();
            return process.TotalProcessorTime;
        }
    }

    /// <exception cref="InvalidOperationException">It does not answer; what it said is on standard error.</exception>
    public static async Task<ToyProxy> StartAsync(string script, Uri backend)
    {
        var port = FreePort();
        var start = new ProcessStartInfo("python3", [Path.GetFullPath(script), "--port", $"{port}", "--prefiller-host", backend.Host, "--prefiller-port", $"{backend.Port}", "--decoder-host", backend.Host, "--decoder-port", $"{backend.Port}"])
        {
            RedirectStandardOutput = true,
        };
        var process = Process.Start(start)!;
        _ = process.StandardOutput.ReadToEndAsync();   // a line a request
        var proxy = new ToyProxy(process, new($"http://127.0.0.1:{port}"));
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        for (var began = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(began) < StartDeadline && !process.HasExited; await Task.Delay(TimeSpan.FromMilliseconds(100)))
            try
            {
                if ((await http.GetAsync(new Uri(proxy.Address, "healthcheck"))).IsSuccessStatusCode)
                    return proxy;
            }
            catch (HttpRequestException)
            {
                // It does not listen yet.
            }
        await proxy.DisposeAsync();
        throw new InvalidOperationException($"{script} does not answer on port {port}. Run it by hand: python3 {string.Join(' ', start.ArgumentList)}");
    }

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public async ValueTask DisposeAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }
}
