namespace Spark.Notebooks;

/// <summary>What was saved, where, and how much of it.</summary>
public sealed record SavedResults(string Path, ByteSize Size, int SeriesCount, int Values) : Display
{
    /// <summary>What is in it, counted.</summary>
    public string Contents { get; init; } = $"{SeriesCount} series, {Values} values";

    public override string ToHtml() =>
        Box(Palette.Neutral, $"Saved <code>{Escape(RelativePath)}</code> ({Size}): {Contents}");

    public override string ToText() => $"Saved {RelativePath} ({Size}): {Contents}";

    string RelativePath => System.IO.Path.GetRelativePath(RepositoryRoot.Path, Path);
}
