using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Spark.Kernel.Tests;

/// <summary>Jupyter's own Python client beside a kernel that is installed for it alone.</summary>
public sealed class JupyterClient : IDisposable
{
    static readonly TimeSpan Deadline = TimeSpan.FromMinutes(8);
    static readonly string Python = File.Exists("/usr/bin/python3") ? "/usr/bin/python3" : "python3";
    readonly TemporaryFolder prefix = new();
    readonly Lazy<JsonObject> conformance;

    public JupyterClient() => conformance = new Lazy<JsonObject>(() =>
    {
        Install();
        var (output, errors) = Run([Path.Combine(AppContext.BaseDirectory, "conformance.py"), InstallOptions.UsualName], prefix.Path);
        return JsonNode.Parse(output.Split('\n').Last(line => line.StartsWith('{')))?.AsObject() ?? throw new InvalidOperationException(errors);
    });

    /// <summary>Each claim of conformance.py and why it does not hold, or null.</summary>
    public JsonObject Conformance => conformance.Value;

    internal static void SkipWithout(string module) =>
        Tool.Require(!OperatingSystem.IsWindows() && Has(module), $"Python has no {module}; on Debian: apt-get install python3-jupyter-client jupyter-nbconvert");

    internal void Install()
    {
        using var kernel = new SpawnedKernel(prefix.Path, "install", "--prefix", prefix.Path);
        Assert.Equal(0, kernel.ExitAsync().GetAwaiter().GetResult());
    }

    internal (string Output, string Errors) Run(IEnumerable<string> arguments, string folder)
    {
        var start = new ProcessStartInfo(Python, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["JUPYTER_PATH"] = Path.Combine(prefix.Path, "share", "jupyter");
        using var python = Process.Start(start)!;
        var errors = python.StandardError.ReadToEndAsync();
        var output = python.StandardOutput.ReadToEndAsync();
        if (!python.WaitForExit(Deadline))
        {
            python.Kill(entireProcessTree: true);
            throw new TimeoutException(errors.Result);
        }
        return python.ExitCode == 0 ? (output.Result, errors.Result) : throw new InvalidOperationException(errors.Result);
    }

    public void Dispose() => prefix.Dispose();

    static bool Has(string module)
    {
        try
        {
            using var python = Process.Start(new ProcessStartInfo(Python, ["-c", $"import {module}"]) { RedirectStandardError = true })!;
            python.WaitForExit();
            return python.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
