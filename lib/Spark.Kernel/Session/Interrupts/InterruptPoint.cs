using System.ComponentModel;

namespace Spark.Kernel;

/// <summary>Where a running cell can be stopped: what the kernel writes into each loop, each <c>await</c> and each cancellable call of a cell.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class InterruptPoint
{
    // Until the first interrupt of the process, a turn of a loop costs one read.
    static volatile bool anyInterrupt;

    /// <summary>The interrupt of the cell on whose behalf the caller runs.</summary>
    public static CancellationToken Interrupted => CellContext.Current?.Interrupted ?? CancellationToken.None;

    public static void Check()
    {
        if (anyInterrupt)
            Interrupted.ThrowIfCancellationRequested();
    }

    public static Task Wait(Task task) => task.WaitAsync(Interrupted);

    public static Task<T> Wait<T>(Task<T> task) => task.WaitAsync(Interrupted);

    public static ValueTask Wait(ValueTask task) => task.IsCompleted ? task : new ValueTask(task.AsTask().WaitAsync(Interrupted));

    public static ValueTask<T> Wait<T>(ValueTask<T> task) => task.IsCompleted ? task : new ValueTask<T>(task.AsTask().WaitAsync(Interrupted));

    /// <summary>Any other awaitable, as it is.</summary>
    public static T Wait<T>(T awaitable) where T : allows ref struct => awaitable;

    internal static void Arm() => anyInterrupt = true;
}
