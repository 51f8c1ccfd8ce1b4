using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Microsoft.CodeAnalysis;

namespace Spark.Kernel;

/// <summary>
/// Lets cells load a library from a copy of its folder, made when it is first referenced, so that its build can replace it at any time.
/// The copy stands beside the folder: what a library looks for upwards from its own place is still found.
/// </summary>
internal sealed class ShadowCopies(MetadataReferenceResolver inner, string directory) : MetadataReferenceResolver, IDisposable
{
    const string Mark = ".loaded-";
    readonly Dictionary<string, string> copies = [];

    public override bool ResolveMissingAssemblies => inner.ResolveMissingAssemblies;

    public override PortableExecutableReference? ResolveMissingAssembly(MetadataReference definition, AssemblyIdentity referenceIdentity) =>
        inner.ResolveMissingAssembly(definition, referenceIdentity);

    public override ImmutableArray<PortableExecutableReference> ResolveReference(string reference, string? baseFilePath, MetadataReferenceProperties properties)
    {
        var file = Path.GetFullPath(reference, Path.GetDirectoryName(baseFilePath) ?? directory);
        var folder = Path.GetDirectoryName(file)!;
        var isLibrary = File.Exists(file) && folder != Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory);
        return inner.ResolveReference(isLibrary ? Path.Combine(CopyOf(folder), Path.GetFileName(file)) : reference, baseFilePath, properties);
    }

    public void Dispose()
    {
        foreach (var copy in copies.Values)
            TryDelete(copy);
    }

    public override bool Equals(object? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => directory.GetHashCode(StringComparison.Ordinal);

    string CopyOf(string folder)
    {
        lock (copies)
            return copies.TryGetValue(folder, out var copy) ? copy : copies[folder] = Copy(folder);
    }

    static string Copy(string folder)
    {
        DeleteWhatDeadKernelsLeft(folder);
        var name = $"{Mark}{Environment.ProcessId}-{Guid.NewGuid():N}"[..(Mark.Length + 16)];
        try
        {
            return Copy(folder, folder + name);
        }
        catch (UnauthorizedAccessException)
        {
            return Copy(folder, Path.Combine(Path.GetTempPath(), Path.GetFileName(folder) + name));
        }
    }

    static string Copy(string folder, string target)
    {
        // Only a build's output, which its .deps.json tells, is taken whole; a library may also lie in a folder of anything.
        var isOutput = Directory.EnumerateFiles(folder, "*.deps.json").Any();
        var files = isOutput ? Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories) : Directory.EnumerateFiles(folder, "*.dll").Concat(Directory.EnumerateFiles(folder, "*.pdb"));
        foreach (var file in files)
        {
            var to = Path.Combine(target, Path.GetRelativePath(folder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(file, to);
        }
        return target;
    }

    static void DeleteWhatDeadKernelsLeft(string folder)
    {
        foreach (var copy in Directory.EnumerateDirectories(Path.GetDirectoryName(folder)!, Path.GetFileName(folder) + Mark + "*"))
        {
            var owner = copy[(copy.LastIndexOf(Mark, StringComparison.Ordinal) + Mark.Length)..].Split('-')[0];
            if (int.TryParse(owner, CultureInfo.InvariantCulture, out var pid) && !Processes.IsRunning(pid))
                TryDelete(copy);
        }
    }

    static void TryDelete(string copy)
    {
        try
        {
            Directory.Delete(copy, recursive: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Windows holds what this process has loaded; the next kernel deletes it.
            Debug.WriteLine(error.Message);
        }
    }
}
