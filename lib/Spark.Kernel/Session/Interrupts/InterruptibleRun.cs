namespace Spark.Kernel;

/// <summary>
/// Runs a cell on a thread of its own until it ends or is interrupted. An interrupt reaches the cell's own loops, awaits and cancellable calls,
/// and what those clean up is waited for; a blocking wait is woken. A cell that computes deep in a library is left behind: off Windows the runtime
/// cannot abort a thread (https://github.com/dotnet/runtime/issues/72703), and one that was aborted or interrupted while it computed took the process, and the session, with it.
/// </summary>
internal static class InterruptibleRun
{
    static readonly TimeSpan GraceDeadline = TimeSpan.FromSeconds(0.5);
    static readonly TimeSpan CleanUpDeadline = TimeSpan.FromSeconds(15);

    /// <exception cref="OperationCanceledException">The interrupt ended the cell, or left it behind.</exception>
    public static async Task RunAsync(Func<Task> cell, CancellationToken interrupted)
    {
        var (thread, run) = Start(cell);
        try
        {
            await run.WaitAsync(interrupted);
        }
        catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
        {
            // Also a cell that has ended meanwhile: its own end tells the line, the wait's does not.
            if (await EndsAsync(run, thread.IsAlive ? GraceDeadline : CleanUpDeadline))
                return;
            if (!await EndsWhenWokenAsync(thread, run))
                throw new OperationCanceledException("part of the cell still runs in the background and cannot be stopped: restart the kernel to end it");
        }
    }

    static (Thread Thread, Task Run) Start(Func<Task> cell)
    {
        // Whoever waits for the end goes on elsewhere: on the cell's thread, an interrupt that came too late would hit the kernel.
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        // A thread of its own: a cell that blocks takes none from the pool that its own tasks need.
        var thread = new Thread(() =>
        {
            try
            {
                cell().ContinueWith(run => ended.TrySetFromTask(run), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            }
            catch (ThreadInterruptedException interrupt)
            {
                ended.TrySetException(interrupt);
            }
        })
        { IsBackground = true, Name = "cell" };
        thread.Start();
        return (thread, ended.Task);
    }

    static async Task<bool> EndsWhenWokenAsync(Thread thread, Task run)
    {
        const int looks = 25;
        for (var i = 0; i < looks; i++)
        {
            if ((thread.ThreadState & ThreadState.WaitSleepJoin) != 0)
            {
                thread.Interrupt();
                return await EndsAsync(run, GraceDeadline);
            }
            if (await EndsAsync(run, GraceDeadline / looks))
                return true;
        }
        return false;
    }

    static async Task<bool> EndsAsync(Task run, TimeSpan deadline)
    {
        if (await Task.WhenAny(run, Task.Delay(deadline)) != run)
            return false;
        await run;
        return true;
    }
}
