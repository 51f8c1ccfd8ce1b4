using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Spark.Notebooks;

/// <summary>How to start the embedded engine: a program, and the arguments that come before the engine's own.</summary>
public sealed record EngineExecutable(string FileName, IReadOnlyList<string> LeadingArguments)
{
    /// <summary>The engine that was built with this library, in the same configuration, run by the same .NET.</summary>
    /// <exception cref="FileNotFoundException">It was not built; the message has the command.</exception>
    public static EngineExecutable Find()
    {
        var library = typeof(EngineExecutable).Assembly;
        var configuration = library.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;
        var framework = new FrameworkName(library.GetCustomAttribute<TargetFrameworkAttribute>()!.FrameworkName).Version;
        var path = RepositoryRoot.Combine($"lib/Spark.Engine/bin/{configuration}/net{framework.Major}.{framework.Minor}/spark-engine.dll");
        return File.Exists(path)
            ? new(DotnetHost(), [path])
            : throw new FileNotFoundException($"The engine is not at {path}. Build it: dotnet build -c {configuration} lib/Spark.Engine", path);
    }

    static string DotnetHost()
    {
        // <root>/shared/Microsoft.NETCore.App/<version>/
        var beside = Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet");
        return File.Exists(beside) ? Path.GetFullPath(beside) : "dotnet";
    }
}
