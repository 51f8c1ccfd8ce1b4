namespace Spark.Notebooks;

/// <summary>The course's exercises: each judges one number and names the common mistake behind a wrong one.</summary>
public static partial class Check
{
    /// <summary>How many tokens of KV cache fit a node at a given utilization?</summary>
    public static Verdict KvTokens(KvCapacity capacity, double? answer) => KvTokens(capacity).Check(answer);

    internal static Exercise KvTokens(KvCapacity capacity)
    {
        var perToken = (double)capacity.Shape.KvBytesPerToken.Bytes;
        var (memory, weights, rest) = (capacity.DeviceMemory.Bytes, capacity.Shape.WeightBytes.Bytes, capacity.Activations.Bytes);
        var tokens = capacity.Available.Bytes / perToken;
        return new()
        {
            Question = $"How many tokens of KV cache fit {capacity.DeviceMemory} at utilization {capacity.Utilization:0.##}?",
            Right = capacity.Tokens,
            Unit = "tokens",
            Tolerance = 0.005,
            Because = $"{capacity.Utilization:0.##} × {capacity.DeviceMemory} less {capacity.Shape.WeightBytes} of weights and {capacity.Activations} for the rest leaves {capacity.Available}: "
                + $"{capacity.Blocks:N0} whole blocks of {capacity.BlockTokens} tokens, {capacity.BlockBytes} each.",
            Hint = "what is left of the engine's share of memory once the model is in it, and in what portions is it handed out?",
            Formula = "utilization × memory − weights − the rest, over the bytes of one block, rounded down, times the block's tokens.",
            CommonMistakes =
            [
                new(tokens, $"The pool has whole blocks of {capacity.BlockTokens} tokens only: divide by a block's bytes and round down."),
                new(Blocks(capacity.Available.Bytes * 2.0), "A token keeps a key and a value in every layer: its bytes have a factor 2."),
                new(tokens * 2, "A token keeps a key and a value in every layer: its bytes have a factor 2 (and the pool has whole blocks only)."),
                new(Blocks(capacity.Utilization * (memory - weights - rest)), "Utilization is a share of the whole device memory, not of what weights leave over: subtract the weights after multiplying."),
                new(Blocks(capacity.Utilization * memory), "Weights and activations live in the same memory: subtract them."),
                new(Blocks((capacity.Utilization * memory) - weights), "Activations and the engine's other buffers live in the same memory too: subtract them."),
                new(capacity.Blocks, $"That is the number of blocks; each holds {capacity.BlockTokens} tokens."),
            ],
        };

        double Blocks(double bytes) => Math.Floor(bytes / capacity.BlockBytes.Bytes) * capacity.BlockTokens;
    }
}
