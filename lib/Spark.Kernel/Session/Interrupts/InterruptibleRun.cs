using System.Runtime;

namespace Spark.Kernel;

/// <summary>
/// Runs a cell on a thread of its own until it ends or is interrupted. An interrupt first reaches the cell's own loops, awaits and cancellable
/// calls, and what those clean up is waited for. A cell that is deep in other code of a library has its thread aborted, as the runtime offers
/// for hosts of scripts; what then still runs is left behind.
/// </summary>
internal static class InterruptibleRun
{
    static readonly TimeSpan GraceDeadline = TimeSpan.FromSeconds(0.5);
    static readonly TimeSpan CleanUpDeadline = TimeSpan.FromSeconds(15);

    /// <exception cref="OperationCanceledException">The interrupt ended the cell, or left it behind.</exception>
    public static async Task RunAsync(Func<Task> cell, CancellationToken interrupted)
    {
        var abort = new CancellationTokenSource();
        var (thread, run) = Start(cell, abort.Token);
        try
        {
            await run.WaitAsync(interrupted);
        }
        catch (OperationCanceledException) when (interrupted.IsCancellationRequested && !run.IsCompleted)
        {
            if (await EndsAsync(run, thread.IsAlive ? GraceDeadline : CleanUpDeadline))
                return;
            // Out of a wait, where the thread is in one; out of a computation, where it is in that.
            thread.Interrupt();
            _ = abort.CancelAsync();
            if (!await EndsAsync(run, GraceDeadline))
                throw new OperationCanceledException("part of the cell still runs in the background and cannot be stopped: restart the kernel to end it");
        }
    }

    static (Thread Thread, Task Run) Start(Func<Task> cell, CancellationToken abort)
    {
        var started = new TaskCompletionSource<Task>(TaskCreationOptions.RunContinuationsAsynchronously);
        // A thread of its own: a cell that blocks takes none from the pool that its own tasks need.
        var thread = new Thread(() =>
        {
            try
            {
#pragma warning disable SYSLIB0046 // Meant for this: an abort may leave a library's state in disorder, and the learner who interrupts prefers that to a lost session.
                ControlledExecution.Run(() => started.SetResult(cell()), abort);
#pragma warning restore SYSLIB0046
            }
            catch (Exception error) when (error is OperationCanceledException or ThreadInterruptedException)
            {
                started.TrySetCanceled(abort);
            }
        })
        { IsBackground = true, Name = "cell" };
        thread.Start();
        return (thread, started.Task.Unwrap());
    }

    static async Task<bool> EndsAsync(Task run, TimeSpan deadline)
    {
        if (await Task.WhenAny(run, Task.Delay(deadline)) != run)
            return false;
        await run;
        return true;
    }
}
