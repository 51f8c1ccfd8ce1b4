using System.Diagnostics;
using System.Text.RegularExpressions;
using Spark.Notebooks;

namespace Spark.Benchmarks;

/// <summary>The engine as a learner's node runs it: <c>spark-engine serve</c> in a process of its own, on one core.</summary>
sealed partial class EngineServer : IAsyncDisposable
{
    readonly Process process;

    EngineServer(Process process, Uri address, TimeSpan startTime) => (this.process, Address, StartTime) = (process, address, startTime);

    public Uri Address { get; }

    /// <summary>From the start of the process to its first answered health check.</summary>
    public TimeSpan StartTime { get; }

    public static async Task<EngineServer> StartAsync(string model, string tokenizer, int core, int? apiCore = null)
    {
        var engine = EngineExecutable.Find();
        string[] weights = EngineUnderTest.HasWeights(model) ? [] : ["--load-format", "dummy"];
        string[] api = apiCore is null ? [] : ["--api-cores", $"{apiCore}"];
        var began = Stopwatch.GetTimestamp();
        var process = Process.Start(new ProcessStartInfo(engine.FileName, [.. engine.LeadingArguments, "serve", model, "--tokenizer", tokenizer, .. weights, "--served-model-name", "m", "--port", "0", "--cores", $"{core}", .. api, "--no-enable-prefix-caching", "--exit-with-parent"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        while (await process.StandardOutput.ReadLineAsync() is { } line)
            if (Listening().Match(line) is { Success: true } match)
            {
                var address = new Uri(match.Groups[1].Value);
                using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
                (await http.GetAsync(new Uri(address, "health"))).EnsureSuccessStatusCode();
                var took = Stopwatch.GetElapsedTime(began);
                _ = process.StandardOutput.ReadToEndAsync();   // so that its log never fills the pipe
                return new(process, address, took);
            }
        throw new InvalidOperationException($"spark-engine ended before it listened, with exit code {process.ExitCode}.");
    }

    [GeneratedRegex(@"Listening on (http://\S+)")]
    private static partial Regex Listening();

    public async ValueTask DisposeAsync()
    {
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        process.Dispose();
    }
}
