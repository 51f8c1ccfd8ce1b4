namespace Spark.Kernel;

/// <summary>Turns the process's console over to a session's cells until it is disposed.</summary>
internal sealed class ConsoleCapture : IDisposable
{
    readonly TextWriter hostOut = Console.Out;
    readonly TextWriter hostError = Console.Error;
    readonly TextReader hostIn = Console.In;

    public ConsoleCapture(Action<string, string> print, TextReader input)
    {
        Console.SetOut(new CellWriter(text => print("stdout", text)));
        Console.SetError(new CellWriter(text => print("stderr", text)));
        Console.SetIn(input);
    }

    public void Dispose()
    {
        Console.SetOut(hostOut);
        Console.SetError(hostError);
        Console.SetIn(hostIn);
    }
}
