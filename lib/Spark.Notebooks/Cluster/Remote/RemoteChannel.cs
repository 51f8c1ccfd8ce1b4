namespace Spark.Notebooks;

/// <summary>A command at work on a machine. Closing it ends its standard input.</summary>
/// <param name="SendAsync">Writes to its standard input, and throws <see cref="NodeConnectionException"/> when nobody reads there any more.</param>
/// <param name="Close">Ends its standard input.</param>
/// <param name="Ended">How it ended, without its output.</param>
internal sealed record RemoteChannel(Func<string, Task> SendAsync, Action Close, Stream Output, Task<RemoteResult> Ended) : IDisposable
{
    public void Dispose() => Close();
}
