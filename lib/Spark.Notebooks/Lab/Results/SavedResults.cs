namespace Spark.Notebooks;

/// <summary>What was saved, where, and how much of it.</summary>
public sealed record SavedResults(string Path, ByteSize Size, int SeriesCount, int Values) : Display
{
    public override string ToHtml() =>
        Box(Palette.Neutral, $"Saved <code>{Escape(RelativePath)}</code> ({Size}): {SeriesCount} series, {Values} values");

    public override string ToText() => $"Saved {RelativePath} ({Size}): {SeriesCount} series, {Values} values";

    string RelativePath => System.IO.Path.GetRelativePath(RepositoryRoot.Path, Path);
}
