using System.Net;

namespace Spark.Notebooks;

/// <summary>A leg's body, of which all is there: it goes out in one piece with its headers.</summary>
internal sealed class LegBody(ReadOnlyMemory<byte> json) : HttpContent
{
    /// <summary>Whether all of it was given to a connection, so that a backend may be at work on it.</summary>
    public bool Sent { get; private set; } = json.Length == 0;

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        await stream.WriteAsync(json, cancellationToken);
        Sent = true;
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override bool TryComputeLength(out long length)
    {
        length = json.Length;
        return true;
    }
}
