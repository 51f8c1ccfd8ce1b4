using System.Runtime.InteropServices;
using Microsoft.CodeAnalysis;

namespace Spark.Kernel;

/// <summary>A compilation's references with the documentation that stands beside a library or, for the framework, in the SDK's reference packs.</summary>
internal sealed class DocumentedReferences
{
    static readonly string[] Packs = ["Microsoft.NETCore.App.Ref", "Microsoft.AspNetCore.App.Ref"];
    readonly Dictionary<string, PortableExecutableReference> documented = [];
    readonly Lazy<IReadOnlyList<string>> packs = new(ReferencePacks);

    public IEnumerable<MetadataReference> Of(Compilation compilation) => compilation.References.Select(reference =>
        reference is PortableExecutableReference { FilePath: { } path } ? Documented(path) : reference);

    PortableExecutableReference Documented(string path)
    {
        if (documented.TryGetValue(path, out var known))
            return known;
        var name = Path.ChangeExtension(Path.GetFileName(path), ".xml");
        // What the framework forwards is documented under the assembly that declares it to compilers.
        string[] names = name == "System.Private.CoreLib.xml" ? ["System.Runtime.xml"] : [name];
        var xml = new[] { Path.ChangeExtension(path, ".xml") }.Concat(packs.Value.SelectMany(pack => names.Select(n => Path.Combine(pack, n)))).FirstOrDefault(File.Exists);
        return documented[path] = MetadataReference.CreateFromFile(path, documentation: xml is null ? null : XmlDocumentationProvider.CreateFromFile(xml));
    }

    // dotnet/shared/Microsoft.NETCore.App/10.0.x/ is where this process runs from; dotnet/packs/ is where an SDK keeps the documentation.
    static List<string> ReferencePacks()
    {
        var root = Path.GetFullPath("../../..", RuntimeEnvironment.GetRuntimeDirectory());
        return [.. Packs.Select(pack => Path.Combine(root, "packs", pack)).Where(Directory.Exists).SelectMany(pack => Directory.GetDirectories(pack)).Select(version => Path.Combine(version, "ref", $"net{Environment.Version.Major}.0")).Where(Directory.Exists)];
    }
}
