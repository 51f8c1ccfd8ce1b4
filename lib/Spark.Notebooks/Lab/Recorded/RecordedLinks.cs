namespace Spark.Notebooks;

/// <summary>Links of one recording.</summary>
public sealed record RecordedLinks(IReadOnlyList<Link> Links, Provenance Provenance)
{
    /// <exception cref="KeyNotFoundException">There is no such link; the message lists those there are.</exception>
    public Link this[string name] => Links.FirstOrDefault(link => link.Name == name)
        ?? throw new KeyNotFoundException($"There is no link \"{name}\"; there are {string.Join(", ", Links.Select(link => link.Name))}.");
}
