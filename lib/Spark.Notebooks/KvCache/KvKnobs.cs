namespace Spark.Notebooks;

/// <summary>What module 02 lets its reader turn.</summary>
public sealed record KvKnobs
{
    /// <summary>A name in <c>data/models/model-shapes.json</c>.</summary>
    public string Model { get; init; } = "Llama-3.1-8B";

    /// <summary>Bytes a value in the cache: 2 for bfloat16, 1 for FP8 and INT8.</summary>
    public int KvDtypeBytes { get; init; } = 2;

    /// <summary>Tokens a block.</summary>
    public int BlockTokens { get; init; } = 16;

    /// <summary>The prompt whose KV is moved.</summary>
    public int PromptTokens { get; init; } = 2048;

    /// <summary>The prompts of charts over length.</summary>
    public IReadOnlyList<int> Lengths { get; init; } = [16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192];

    /// <summary>Prompts whose KV is really moved between the nodes; of a single token nothing is, since the decode engine computes the last one itself.</summary>
    public IReadOnlyList<int> MovedLengths { get; init; } = [16, 64, 256, 768];

    /// <summary>Moves of each length over each transport.</summary>
    public int Repeats { get; init; } = 3;

    /// <summary>The model with the cache that these knobs give it.</summary>
    public ModelShape Shape() => ModelShape.Named(Model) with { KvDtypeBytes = KvDtypeBytes };
}
