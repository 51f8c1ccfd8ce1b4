using System.Diagnostics;
using System.Text;

namespace Spark.Notebooks;

/// <summary>A run on a machine, its output copied here as it comes.</summary>
internal sealed class RemoteProcess : INodeProcess
{
    const int Unknown = -1;
    static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(500);
    static readonly TimeSpan OutputDeadline = TimeSpan.FromSeconds(5);

    readonly RemoteAgent agent;
    readonly string run;
    readonly CancellationTokenSource disposal = new();
    readonly Decoder text = Encoding.UTF8.GetDecoder();
    readonly StringBuilder line = new();
    long copied;
    bool disposed;

    RemoteProcess(RemoteAgent agent, string run, int pid, OutputLog log)
    {
        (this.agent, this.run, Id, Log) = (agent, run, pid, log);
        Exited = FollowAsync();
    }

    public int Id { get; }
    public int? LocalId => null;
    public OutputLog Log { get; }
    public Task<int> Exited { get; }
    public string? Lost { get; private set; }

    public static async Task<RemoteProcess> StartAsync(
        RemoteAgent agent, string run, IEnumerable<string> words, IEnumerable<KeyValuePair<string, string>> variables, string logPath, CancellationToken cancellation) =>
        new(agent, run, await agent.StartAsync(run, words, variables, cancellation), new(logPath));

    /// <summary>Ends the run with all its processes. A machine that does not answer ends it itself, by its watchdog.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, true))
            return;
        try
        {
            await agent.StopAsync(run);
            await Exited.WaitAsync(OutputDeadline);
        }
        catch (NodeConnectionException error)
        {
            Lost ??= $"it could not be stopped, its machine's watchdog ends it in {agent.Watchdog.TotalSeconds:0} s: {error.Message.TrimEnd('.')}";
        }
        catch (TimeoutException)
        {
            // It has ended; only its last words are missing.
        }
        await disposal.CancelAsync();
        await Exited;
        Log.Dispose();
        disposal.Dispose();
    }

    async Task<int> FollowAsync()
    {
        Stopwatch? silent = null;
        while (true)
        {
            try
            {
                using var channel = await agent.FollowAsync(run, copied, disposal.Token);
                silent = null;
                // A read of SSH.NET blocks its thread and cannot be called back: it gets one of its own, and the pool's stay free for heartbeats and load.
                await Task.Factory.StartNew(() => Copy(channel.Output), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).WaitAsync(disposal.Token);
                var ended = await channel.Ended.WaitAsync(disposal.Token);
                EndLine();
                return ended.ExitCode;
            }
            catch (OperationCanceledException)
            {
                return Unknown;
            }
            catch (IOException error)
            {
                silent ??= Stopwatch.StartNew();
                if (silent.Elapsed > agent.Watchdog)
                {
                    Lost ??= $"nothing is heard of it: {error.Message} Its machine's watchdog has ended it, if it runs there still";
                    Log.Add(Lost);
                    return Unknown;
                }
            }
            await Task.WhenAny(Task.Delay(RetryInterval, disposal.Token));
        }

        void Copy(Stream output)
        {
            var bytes = new byte[16 << 10];
            while (output.Read(bytes) is > 0 and var count)
            {
                copied += count;
                Add(bytes.AsSpan(0, count));
            }
        }
    }

    // Progress bars return to the start of their line, which is a line each here.
    void Add(ReadOnlySpan<byte> bytes)
    {
        Span<char> chars = new char[text.GetCharCount(bytes, flush: false)];
        text.GetChars(bytes, chars, flush: false);
        foreach (var c in chars)
        {
            if (c is '\n' or '\r')
                EndLine();
            else
                line.Append(c);
        }
    }

    void EndLine()
    {
        if (line.Length > 0)
            Log.Add($"{line}");
        line.Clear();
    }
}
