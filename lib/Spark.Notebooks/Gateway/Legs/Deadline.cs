namespace Spark.Notebooks;

/// <summary>A token that is cancelled when a wait lasts too long. A new wait costs a clock reading: the timer looks only when it fires.</summary>
internal sealed class Deadline : IDisposable
{
    const long NotWaiting = -1;

    readonly TimeProvider clock;
    readonly CancellationTokenSource source = new();
    readonly CancellationTokenRegistration outer;
    readonly ITimer timer;
    long since, limitTicks;
    volatile bool expired;

    /// <param name="alsoCancelledBy">Cancels the token, without the deadline having expired.</param>
    public Deadline(TimeProvider clock, TimeSpan limit, CancellationToken alsoCancelledBy = default)
    {
        this.clock = clock;
        (since, limitTicks) = (clock.GetTimestamp(), limit.Ticks);
        outer = alsoCancelledBy.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), source);
        timer = clock.CreateTimer(static state => ((Deadline)state!).Look(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        timer.Change(limit, Timeout.InfiniteTimeSpan);
    }

    public CancellationToken Token => source.Token;

    public bool Expired => expired;

    /// <summary>What was awaited is there.</summary>
    public void Pause() => Volatile.Write(ref since, NotWaiting);

    /// <summary>The next wait begins.</summary>
    public void Resume() => Volatile.Write(ref since, clock.GetTimestamp());

    /// <summary>Waits that begin from here on have another limit.</summary>
    public void Limit(TimeSpan limit)
    {
        Interlocked.Exchange(ref limitTicks, limit.Ticks);
        timer.Change(limit, Timeout.InfiniteTimeSpan);
    }

    public void Dispose()
    {
        timer.Dispose();
        outer.Dispose();
        source.Dispose();
    }

    void Look()
    {
        var (limit, began) = (new TimeSpan(Interlocked.Read(ref limitTicks)), Volatile.Read(ref since));
        var left = began == NotWaiting ? limit : limit - clock.GetElapsedTime(began);
        try
        {
            if (left > TimeSpan.Zero)
                timer.Change(left, Timeout.InfiniteTimeSpan);
            else
            {
                expired = true;
                source.Cancel();
            }
        }
        catch (ObjectDisposedException)
        {
            // The leg ended at this very moment.
        }
    }
}
