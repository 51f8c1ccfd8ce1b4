using System.Runtime.InteropServices;

namespace Spark.Kernel;

/// <summary>
/// Watches for what would end the process under a running notebook: Ctrl+C, SIGTERM, an exception on a background thread, a cell that exits.
/// Each is held back until the run has saved what there is; a second Ctrl+C ends the process at once.
/// </summary>
internal sealed class Interrupts : IDisposable
{
    static readonly TimeSpan LongestSave = TimeSpan.FromSeconds(20);
    readonly TaskCompletionSource<Interruption> occurred = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly ManualResetEventSlim saved = new();
    readonly List<PosixSignalRegistration> signals = [];

    public Interrupts()
    {
        signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Hold(context, new Interruption("cancelled by Ctrl+C", 130))));
        signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Hold(context, new Interruption("ended by SIGTERM", 143))));
        AppDomain.CurrentDomain.UnhandledException += HoldCrash;
        AppDomain.CurrentDomain.ProcessExit += HoldExit;
    }

    /// <summary>Completes when the run is to end.</summary>
    public Task<Interruption> Occurred => occurred.Task;

    /// <summary>Lets a process that is already ending go on: everything is saved.</summary>
    public void Dispose()
    {
        AppDomain.CurrentDomain.UnhandledException -= HoldCrash;
        AppDomain.CurrentDomain.ProcessExit -= HoldExit;
        signals.ForEach(signal => signal.Dispose());
        saved.Set();
    }

    void Hold(PosixSignalContext context, Interruption interruption) => context.Cancel = occurred.TrySetResult(interruption);

    void HoldCrash(object sender, UnhandledExceptionEventArgs crash)
    {
        occurred.TrySetResult(new Interruption("a background thread ended the process with an exception that nothing caught", 1, crash.ExceptionObject as Exception) { IsEndOfProcess = true });
        saved.Wait(LongestSave);
        Environment.Exit(1);
    }

    void HoldExit(object? sender, EventArgs exit)
    {
        if (!occurred.TrySetResult(new Interruption("a cell ended the process", 1) { IsEndOfProcess = true }))
            return;
        saved.Wait(LongestSave);
        Environment.ExitCode = 1;
    }
}
