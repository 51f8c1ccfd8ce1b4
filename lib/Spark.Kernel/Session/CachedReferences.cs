using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace Spark.Kernel;

/// <summary>Resolves every library once: each cell's compilation would otherwise read the metadata of all of them anew, and keep it.</summary>
internal sealed class CachedReferences(MetadataReferenceResolver inner) : MetadataReferenceResolver
{
    readonly ConcurrentDictionary<(string Reference, string? Base, MetadataReferenceProperties Properties), ImmutableArray<PortableExecutableReference>> named = new();
    readonly ConcurrentDictionary<AssemblyIdentity, PortableExecutableReference?> missing = new();

    public override bool ResolveMissingAssemblies => inner.ResolveMissingAssemblies;

    public override PortableExecutableReference? ResolveMissingAssembly(MetadataReference definition, AssemblyIdentity referenceIdentity) =>
        missing.GetOrAdd(referenceIdentity, identity => inner.ResolveMissingAssembly(definition, identity));

    // What is not there now may be built before the cell is run again.
    public override ImmutableArray<PortableExecutableReference> ResolveReference(string reference, string? baseFilePath, MetadataReferenceProperties properties)
    {
        var key = (reference, baseFilePath, properties);
        if (named.TryGetValue(key, out var known))
            return known;
        var found = inner.ResolveReference(reference, baseFilePath, properties);
        return found.IsDefaultOrEmpty ? found : named.GetOrAdd(key, found);
    }

    public override bool Equals(object? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => inner.GetHashCode();
}
