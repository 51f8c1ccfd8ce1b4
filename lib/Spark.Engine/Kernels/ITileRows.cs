namespace Spark.Engine;

/// <summary>How many rows of a tile an attention kernel computes: a decode step has as many as heads share a KV head, most often four or fewer.</summary>
internal interface ITileRows
{
    static abstract bool AreEight { get; }
}

internal readonly struct FourRows : ITileRows
{
    public static bool AreEight => false;
}

internal readonly struct EightRows : ITileRows
{
    public static bool AreEight => true;
}
