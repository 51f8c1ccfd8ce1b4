using System.Runtime.InteropServices;

namespace Spark.Engine;

/// <summary>Consecutive rows of a batch that go through a layer together, and which request each part of them belongs to.</summary>
internal sealed class TokenTile
{
    readonly List<Part> parts = [];

    /// <summary>Row of the tile's first token in the batch.</summary>
    public int FirstRow { get; private set; }
    public int Tokens { get; private set; }
    public ReadOnlySpan<Part> Parts => CollectionsMarshal.AsSpan(parts);

    public void Reset(int firstRow)
    {
        parts.Clear();
        (FirstRow, Tokens) = (firstRow, 0);
    }

    public void Add(int tokens, int firstPosition, ReadOnlyMemory<int> blockTable)
    {
        parts.Add(new(Tokens, tokens, firstPosition, blockTable));
        Tokens += tokens;
    }

    /// <param name="Row">First row within the tile.</param>
    /// <param name="FirstPosition">Its position in the request.</param>
    public readonly record struct Part(int Row, int Tokens, int FirstPosition, ReadOnlyMemory<int> BlockTable);
}
