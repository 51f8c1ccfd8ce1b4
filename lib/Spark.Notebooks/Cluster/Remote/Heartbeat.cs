namespace Spark.Notebooks;

/// <summary>Lines sent to a machine that repeats them: both sides know by them that the other is there.</summary>
internal sealed class Heartbeat(RemoteChannel channel) : IDisposable
{
    readonly StreamReader lines = new(channel.Output);

    /// <summary>The next line, or null at the end.</summary>
    /// <exception cref="TimeoutException">None came in time.</exception>
    public Task<string?> ReadAsync(TimeSpan deadline) =>
        Task.Factory.StartNew(lines.ReadLine, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).WaitAsync(deadline);

    public async Task<bool> IsHeardAsync(string beat, TimeSpan deadline)
    {
        try
        {
            await channel.SendAsync($"{beat}\n");
            return await ReadAsync(deadline) == beat;
        }
        catch (Exception error) when (error is TimeoutException or IOException)
        {
            return false;
        }
    }

    public void Dispose() => channel.Dispose();
}
