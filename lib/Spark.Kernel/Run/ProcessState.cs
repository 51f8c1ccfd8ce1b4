using System.Collections;

namespace Spark.Kernel;

/// <summary>Remembers the process's current directory and environment, and restores them when disposed.</summary>
internal sealed class ProcessState : IDisposable
{
    readonly string directory = Directory.GetCurrentDirectory();
    readonly Dictionary<string, string?> environment = Read();

    public void Dispose()
    {
        Directory.SetCurrentDirectory(directory);
        foreach (var name in Read().Keys.Where(name => !environment.ContainsKey(name)))
            Environment.SetEnvironmentVariable(name, null);
        foreach (var (name, value) in environment)
            Environment.SetEnvironmentVariable(name, value);
    }

    static Dictionary<string, string?> Read() =>
        Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().ToDictionary(entry => (string)entry.Key, entry => (string?)entry.Value);
}
