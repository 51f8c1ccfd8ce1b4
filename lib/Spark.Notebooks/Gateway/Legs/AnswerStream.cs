using System.Runtime.CompilerServices;

namespace Spark.Notebooks;

/// <summary>A backend's answer behind its first bytes: no read may take longer than the idle deadline.</summary>
internal sealed class AnswerStream(Stream inner, Deadline deadline, Func<Exception, Task<bool>> breakOff) : Stream
{
    bool brokenOff;

    // One read a chunk waits, so that its state is worth reusing.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        // The forwarder reads nothing into no buffer before it reads in earnest, and so meets the end of a broken answer twice.
        if (brokenOff)
            return 0;
        deadline.Resume();
        try
        {
            return await inner.ReadAsync(buffer, cancellationToken);
        }
        catch (Exception error)
        {
            if (!await breakOff(error))
                throw;
            brokenOff = true;
            return 0;
        }
        finally
        {
            deadline.Pause();
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    public override void Flush() => throw new NotSupportedException();
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
