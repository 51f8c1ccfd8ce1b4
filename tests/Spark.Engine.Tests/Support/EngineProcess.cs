using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace Spark.Engine.Tests;

/// <summary>A real spark-engine process on a free port, ended with the test.</summary>
sealed class EngineProcess : IDisposable
{
    readonly Process process;
    readonly StringBuilder log = new();

    EngineProcess(Process process) => this.process = process;

    public HttpClient Client { get; private set; } = null!;
    public string Log
    {
        get
        {
            lock (log)
                return log.ToString();
        }
    }

    /// <summary>The shipped model with a KV connector of this role and transport.</summary>
    public static Task<EngineProcess> StartAsync(string transport, string policy, double lease = 480)
    {
        var config = JsonSerializer.Serialize(new { kv_connector = "NixlConnector", kv_role = "kv_both", kv_load_failure_policy = policy, kv_connector_extra_config = new { transport, kv_lease_duration = lease } });
        return StartAsync(["--kv-transfer-config", config], new() { ["VLLM_NIXL_SIDE_CHANNEL_HOST"] = "127.0.0.1", ["VLLM_NIXL_SIDE_CHANNEL_PORT"] = "0" });
    }

    /// <summary>The shipped model with these flags and environment variables besides.</summary>
    public static Task<EngineProcess> StartAsync(string[] flags, Dictionary<string, string> environment) =>
        StartAsync(["dotnet", Path.Combine(AppContext.BaseDirectory, "spark-engine.dll")], flags, environment, TimeSpan.FromSeconds(60));

    /// <param name="program">What stands before the engine's own arguments.</param>
    /// <param name="patience">For its start, and for each answer.</param>
    public static async Task<EngineProcess> StartAsync(string[] program, string[] flags, Dictionary<string, string> environment, TimeSpan patience)
    {
        var start = new ProcessStartInfo(program[0], [.. program[1..], "serve", Repository.Tales, "--port", "0", "--exit-with-parent", .. flags])
        {
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        var engine = new EngineProcess(Process.Start(start)!);
        var listening = new TaskCompletionSource<Uri>();
        _ = engine.ReadAsync(listening);
        engine.Client = new HttpClient { BaseAddress = await listening.Task.WaitAsync(patience), Timeout = patience };
        return engine;
    }

    public async Task<(int Status, JsonElement Body)> CompleteAsync(object request)
    {
        using var content = new StringContent(JsonSerializer.Serialize(request), Encoding.UTF8, "application/json");
        using var response = await Client.PostAsync("/v1/completions", content);
        using var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return ((int)response.StatusCode, body.RootElement.Clone());
    }

    public async Task<double> MetricAsync(string name)
    {
        var text = await Client.GetStringAsync("/metrics");
        return double.Parse(text.Split('\n').First(line => line.StartsWith(name + "{", StringComparison.Ordinal)).Split(' ')[^1], System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>Waits for a line of its log, which takes another way than its answers.</summary>
    public async Task SaysAsync(string text)
    {
        for (var waiting = Stopwatch.StartNew(); !Log.Contains(text, StringComparison.Ordinal) && waiting.Elapsed < TimeSpan.FromSeconds(20); await Task.Delay(10))
        {
        }
        Assert.Contains(text, Log, StringComparison.Ordinal);
    }

    public void Kill() => process.Kill();

    /// <summary>STOP freezes it with all its sockets open, CONT lets it go on.</summary>
    public async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", ["-s", signal, $"{process.Id}"]);
        await kill.WaitForExitAsync();
    }

    async Task ReadAsync(TaskCompletionSource<Uri> listening)
    {
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            lock (log)
                log.AppendLine(line);
            if (line.Contains("Application startup complete", StringComparison.Ordinal))
                listening.TrySetResult(new(Log[Log.IndexOf("http://", StringComparison.Ordinal)..].Split('\n')[0].Trim()));
        }
        listening.TrySetException(new InvalidOperationException($"The engine ended before it listened: {Log}"));
    }

    public void Dispose()
    {
        Client?.Dispose();
        if (!process.HasExited)
            process.Kill();
        process.WaitForExit();
        process.Dispose();
    }
}
