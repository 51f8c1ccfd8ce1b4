using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Spark.Kernel;

/// <summary>A kernelspec of this kernel: a folder with <c>kernel.json</c> and a copy of the kernel, so that none that runs stands in the way of a build.</summary>
internal sealed class KernelSpec(string folder)
{
    const string HostPrefix = "host-";
    static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public string Folder => folder;

    public string Name => Path.GetFileName(folder);

    string File => Path.Combine(folder, "kernel.json");

    public bool Exists => Directory.Exists(folder);

    /// <summary>Whether an earlier install of this kernel wrote it.</summary>
    public bool IsOurs => System.IO.File.Exists(File) && Starts(System.IO.File.ReadAllText(File));

    /// <summary>Copies the kernel from <paramref name="source"/>, a build's output or a published folder, and writes the kernelspec.</summary>
    public void Write(string source)
    {
        var host = Path.Combine(folder, $"{HostPrefix}{Guid.NewGuid():N}"[..(HostPrefix.Length + 8)]);
        foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(host, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            System.IO.File.Copy(file, target);
        }
        var written = Path.Combine(folder, "kernel.json.new");
        System.IO.File.WriteAllText(written, Json(host).ToJsonString(Indented) + "\n");
        System.IO.File.Move(written, File, overwrite: true);
        foreach (var earlier in Directory.EnumerateDirectories(folder, HostPrefix + "*").Where(earlier => earlier != host))
            TryDelete(earlier);
    }

    public void Delete() => Directory.Delete(folder, recursive: true);

    static JsonObject Json(string host) => new()
    {
        ["argv"] = new JsonArray([.. Command(host).Concat(["jupyter", "--connection-file", "{connection_file}"]).Select(argument => (JsonNode)argument)]),
        ["display_name"] = ".NET (C#)",
        ["language"] = "C#",
        ["interrupt_mode"] = "message",
        ["metadata"] = new JsonObject { ["debugger"] = false },
    };

    // By full path: a front end that was not started from a shell may not have dotnet on its path.
    static string[] Command(string host)
    {
        var suffix = OperatingSystem.IsWindows() ? ".exe" : "";
        var dotnet = Path.GetFullPath($"../../../dotnet{suffix}", RuntimeEnvironment.GetRuntimeDirectory());
        return System.IO.File.Exists(dotnet) ? [dotnet, Path.Combine(host, "spark-kernel.dll")] : [Path.Combine(host, $"spark-kernel{suffix}")];
    }

    static bool Starts(string json)
    {
        try
        {
            return JsonNode.Parse(json)?["argv"] is JsonArray arguments && arguments.Any(argument => Path.GetFileNameWithoutExtension((string?)argument) == "spark-kernel");
        }
        catch (JsonException)
        {
            return false;
        }
    }

    static void TryDelete(string host)
    {
        try
        {
            Directory.Delete(host, recursive: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Windows: a kernel runs from it. The next install deletes it.
            System.Diagnostics.Debug.WriteLine(error.Message);
        }
    }
}
