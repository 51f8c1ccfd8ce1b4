using System.Runtime.InteropServices;

namespace Spark.Engine;

/// <summary>The work of one forward pass: runs of consecutive tokens, one run a request, cut into tiles as they are added.</summary>
internal sealed class ForwardBatch
{
    /// <summary>Few enough that a tile's activations stay in the second-level cache, enough that reading the weights is soon paid for.</summary>
    public const int TileTokens = 64;
    readonly List<TokenRun> runs = [];
    readonly List<TokenTile> pool = [];
    int tiles;

    public ReadOnlySpan<TokenRun> Runs => CollectionsMarshal.AsSpan(runs);
    public int Tokens { get; private set; }

    /// <summary>Rows of logits that the pass yields: one for every run that asks for them, in order.</summary>
    public int LogitRows { get; private set; }
    public int Tiles => tiles;

    public TokenTile Tile(int index) => pool[index];

    /// <param name="tokens">Token ids of the run.</param>
    /// <param name="firstPosition">Their first position in the request; all earlier ones are in the cache.</param>
    /// <param name="blockTable">The request's KV blocks, enough for the run's last position.</param>
    /// <param name="needsLogits">Whether the run ends at the request's last known token, so that the next one is to be sampled.</param>
    public void Add(ReadOnlyMemory<int> tokens, int firstPosition, ReadOnlyMemory<int> blockTable, bool needsLogits)
    {
        runs.Add(new(tokens, needsLogits));
        LogitRows += needsLogits ? 1 : 0;
        for (var done = 0; done < tokens.Length;)
        {
            if (tiles == 0 || pool[tiles - 1].Tokens == TileTokens)
                OpenTile();
            var tile = pool[tiles - 1];
            var count = Math.Min(TileTokens - tile.Tokens, tokens.Length - done);
            tile.Add(count, firstPosition + done, blockTable);
            done += count;
            Tokens += count;
        }
    }

    public void Clear()
    {
        runs.Clear();
        (Tokens, LogitRows, tiles) = (0, 0, 0);
    }

    void OpenTile()
    {
        if (tiles == pool.Count)
            pool.Add(new TokenTile());
        pool[tiles++].Reset(Tokens);
    }
}

internal readonly record struct TokenRun(ReadOnlyMemory<int> Tokens, bool NeedsLogits);
