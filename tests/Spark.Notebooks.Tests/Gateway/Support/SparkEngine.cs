using System.Diagnostics;
using System.Globalization;

namespace Spark.Notebooks.Tests;

/// <summary>A spark-engine process on a free port that can hand over KV caches; it ends with the test.</summary>
internal sealed class SparkEngine : IDisposable
{
    const string Transfer = """{"kv_connector":"NixlConnector","kv_role":"kv_both","kv_load_failure_policy":"fail","kv_connector_extra_config":{"transport":"tcp","kv_lease_duration":480}}""";

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    readonly Process process;
    readonly HttpClient http = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = Patience };

    SparkEngine(Process process) => this.process = process;

    public Uri Address { get; private set; } = null!;

    public static async Task<SparkEngine> StartAsync()
    {
        var engine = EngineExecutable.Find();
        var start = new ProcessStartInfo(engine.FileName, [.. engine.LeadingArguments, "serve", RepositoryRoot.Combine("data/models/tales-25m"), "--served-model-name", Vllm013.Model,
            "--port", "0", "--max-num-batched-tokens", "64", "--kv-transfer-config", Transfer, "--exit-with-parent"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            Environment = { ["VLLM_NIXL_SIDE_CHANNEL_HOST"] = "127.0.0.1", ["VLLM_NIXL_SIDE_CHANNEL_PORT"] = "0" },
        };
        var started = new SparkEngine(Process.Start(start)!);
        started.Address = await started.ReadAddressAsync().WaitAsync(Patience);
        return started;
    }

    public async Task<double> MetricAsync(string name)
    {
        var line = (await http.GetStringAsync(new Uri(Address, "metrics"))).Split('\n').First(line => line.StartsWith($"{name}{{", StringComparison.Ordinal));
        return double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture);
    }

    public void Kill()
    {
        process.Kill();
        process.WaitForExit();
    }

    /// <summary>STOP freezes it with all its sockets open, CONT lets it go on.</summary>
    public async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", ["-s", signal, $"{process.Id}"]);
        await kill.WaitForExitAsync();
    }

    async Task<Uri> ReadAddressAsync()
    {
        Uri? address = null;
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.IndexOf("http://", StringComparison.Ordinal) is >= 0 and var at)
                address ??= new(line[at..].Split(' ')[0]);
            if (line.Contains("Application startup complete", StringComparison.Ordinal))
            {
                _ = process.StandardOutput.ReadToEndAsync();
                return address!;
            }
        }

        throw new InvalidOperationException($"The engine ended before it listened, with exit code {process.ExitCode}.");
    }

    public void Dispose()
    {
        if (!process.HasExited)
            Kill();
        process.Dispose();
        http.Dispose();
    }
}
