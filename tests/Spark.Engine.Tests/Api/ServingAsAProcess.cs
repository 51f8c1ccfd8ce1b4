using System.Diagnostics;
using System.Net.Sockets;
using System.Numerics;
using System.Text;

namespace Spark.Engine.Tests;

public class ServingAsAProcess
{
    [Fact(Timeout = 120_000)]
    public async Task A_termination_signal_lets_a_running_request_end_and_leaves_nothing_listening()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no termination signal.");
        using var process = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "spark-engine.dll"), "serve", Repository.Tales, "--port", "0"]) { RedirectStandardOutput = true })!;
        try
        {
            var address = await ListeningAsync(process);
            using var client = new HttpClient { BaseAddress = address };
            const string body = """{"prompt": "Once", "max_tokens": 60, "ignore_eos": true, "stream": true}""";
            using var response = await client.SendAsync(new(HttpMethod.Post, "/v1/completions") { Content = new StringContent(body, Encoding.UTF8, "application/json") }, HttpCompletionOption.ResponseHeadersRead);
            using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
            Assert.StartsWith("data: {", await reader.ReadLineAsync());

            using (var kill = Process.Start("kill", ["-TERM", $"{process.Id}"]))
                await kill.WaitForExitAsync();
            var rest = await reader.ReadToEndAsync();
            Assert.Contains("\"finish_reason\":\"length\"", rest);
            Assert.EndsWith("data: [DONE]\n\n", rest);
            var log = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            Assert.Contains("Application shutdown complete.", log);
            Assert.Equal(0, process.ExitCode);
            using var socket = new TcpClient();
            await Assert.ThrowsAsync<SocketException>(() => socket.ConnectAsync(address.Host, address.Port));
        }
        finally
        {
            if (!process.HasExited)
                process.Kill();
        }
    }

    [Theory(Timeout = 120_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Every_thread_runs_on_the_cores_that_were_asked_for(bool apart)
    {
        if (!OperatingSystem.IsLinux())
        {
            Assert.Skip("Only Linux tells where threads may run.");
            return;
        }
        using var self = Process.GetCurrentProcess();
        var (core, last) = (BitOperations.TrailingZeroCount(self.ProcessorAffinity), BitOperations.Log2((ulong)self.ProcessorAffinity));
        string[] api = apart ? ["--api-cores", $"{last}"] : [];
        using var process = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "spark-engine.dll"), "serve", Repository.Tales, "--port", "0", "--cores", $"{core}", .. api]) { RedirectStandardOutput = true })!;
        try
        {
            using var client = new HttpClient { BaseAddress = await ListeningAsync(process) };
            using var answer = await client.PostAsync(new Uri("/v1/completions", UriKind.Relative), new StringContent("""{"prompt": "Once", "max_tokens": 8}""", Encoding.UTF8, "application/json"));
            answer.EnsureSuccessStatusCode();
            var threads = Directory.GetDirectories($"/proc/{process.Id}/task").Select(Status).Where(status => status.Length > 0).ToList();
            Assert.True(threads.Count > 4, "an engine has more threads than that");
            Assert.Single(threads, status => status.Contains("Name:\tengine"));
            Assert.All(threads, status => Assert.Contains($"Cpus_allowed_list:\t{(apart && !status.Contains("Name:\tengine") ? last : core)}", status));
        }
        finally
        {
            process.Kill();
        }
    }

    [Fact]
    public void Cores_for_all_but_the_computing_thread_need_cores_for_that_one()
    {
        var commands = CommandLine.Build((_, _) => Task.FromResult(0), (_, _) => 0);
        Assert.Contains("give that one --cores too", commands.Parse(["serve", "model", "--api-cores", "1"]).Errors[0].Message);
        Assert.Equal(OperatingSystem.IsLinux(), commands.Parse(["serve", "model", "--api-cores", "1", "--cores", "0"]).Errors.Count == 0);
    }

    // Nothing of a thread that has ended meanwhile.
    static string[] Status(string thread)
    {
        try
        {
            return File.ReadAllLines(Path.Combine(thread, "status"));
        }
        catch (IOException)
        {
            return [];
        }
    }

    static async Task<Uri> ListeningAsync(Process process)
    {
        while (await process.StandardOutput.ReadLineAsync() is { } line)
            if (line.IndexOf("http://", StringComparison.Ordinal) is >= 0 and var at)
                return new(line[at..]);
        throw new InvalidOperationException($"The engine ended with {process.ExitCode} before it listened.");
    }
}
