namespace Spark.Notebooks;

/// <summary>A command at work on a machine.</summary>
/// <param name="Input">Its standard input; closing it is the end of it.</param>
/// <param name="Ended">Its exit code.</param>
internal sealed record RemoteChannel(Stream Input, Stream Output, Task<RemoteResult> Ended) : IDisposable
{
    public void Dispose() => Input.Dispose();
}
