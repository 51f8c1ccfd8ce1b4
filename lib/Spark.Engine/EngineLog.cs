using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Spark.Engine;

/// <summary>Log lines on standard output in the shape of vLLM's: level, time, part, message.</summary>
public sealed class EngineLog(TextWriter output, TimeProvider clock)
{
    [SuppressMessage("Performance", "CA1822", Justification = "A log that writes nowhere still is a log.")]
    public static EngineLog None { get; } = new(TextWriter.Null, TimeProvider.System);

    public void Info(string part, string message) => Write("INFO", part, message);
    public void Warning(string part, string message) => Write("WARNING", part, message);
    public void Error(string part, string message) => Write("ERROR", part, message);

    void Write(string level, string part, string message)
    {
        lock (output)
        {
            try
            {
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{level} {clock.GetLocalNow():MM-dd HH:mm:ss} [{part}] {message}"));
            }
            catch (IOException)
            {
                // A full disk costs lines of the log, as with Python's logging, and no request.
            }
        }
    }
}
