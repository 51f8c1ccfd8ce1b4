namespace Spark.Notebooks;

/// <summary>A short program on a machine, tied to the connection. It is told by a line to end its input, since SSH.NET does not always say that there is no more.</summary>
internal sealed class RemoteTool : INodeTool
{
    static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    readonly RemoteChannel channel;
    bool disposed;

    RemoteTool(RemoteChannel channel, OutputLog log)
    {
        (this.channel, Log) = (channel, log);
        Exited = FollowAsync();
    }

    public OutputLog Log { get; }
    public Task<int> Exited { get; }

    /// <exception cref="NodeConnectionException">The machine cannot be reached.</exception>
    public static async Task<RemoteTool> StartAsync(RemoteAgent agent, IEnumerable<string> words, string logPath, CancellationToken cancellation) =>
        new(await agent.StartToolAsync(words, cancellation), new(logPath));

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, true))
            return;
        try
        {
            if (!Exited.IsCompleted)
                await channel.SendAsync("\n");
            await Exited.WaitAsync(Grace);
        }
        catch (Exception error) when (error is NodeConnectionException or TimeoutException)
        {
            // It ends with the connection.
        }
        channel.Dispose();
        Log.Dispose();
    }

    async Task<int> FollowAsync()
    {
        using var lines = new StreamReader(channel.Output);
        // A read of SSH.NET blocks its thread.
        await Task.Factory.StartNew(Copy, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        var ended = await channel.Ended;
        foreach (var line in ended.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            Log.Add(line);
        return ended.ExitCode;

        void Copy()
        {
            while (lines.ReadLine() is { } line)
                Log.Add(line);
        }
    }
}
