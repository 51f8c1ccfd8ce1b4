using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using NetMQ;

namespace Spark.Kernel;

/// <summary>Serves one front end until it ends the kernel, or ends itself.</summary>
internal static class JupyterCommand
{
    static readonly TimeSpan LongestEnd = TimeSpan.FromSeconds(5);

    /// <exception cref="JupyterSetupException">The connection file is of no use, or its ports are taken.</exception>
    public static async Task<int> RunAsync(string connectionFile)
    {
        var terminal = Console.Error;
        void Log(string line) => terminal.WriteLine($"spark-kernel: {line}");

        var ended = ParentWatch.ParentEnded();
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ => EndWithin(LongestEnd));
        using (var kernel = Start(ConnectionFile.Read(connectionFile), Log))
        {
            using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal =>
            {
                signal.Cancel = true;
                kernel.Interrupt();
            });
            ExceptionHandling.SetUnhandledExceptionHandler(exception =>
            {
                kernel.TellUnhandled(exception);
                return true;
            });
            await kernel.RunAsync(ended);
            if (ended.IsCompleted)
                Log("the front end is gone: the kernel ends");
            EndWithin(LongestEnd);
        }
        return 0;
    }

    static JupyterKernel Start(ConnectionFile connection, Action<string> log)
    {
        try
        {
            return new JupyterKernel(connection, Directory.GetCurrentDirectory(), log);
        }
        catch (NetMQException error)
        {
            throw new JupyterSetupException($"the ports of the connection file cannot be opened: {error.Message}", error);
        }
    }

    // What a cell registered to run at the process's exit may hang; the process must not.
    static void EndWithin(TimeSpan deadline) =>
        new Thread(() =>
        {
            Thread.Sleep(deadline);
            System.Diagnostics.Process.GetCurrentProcess().Kill();
        })
        { IsBackground = true }.Start();
}
