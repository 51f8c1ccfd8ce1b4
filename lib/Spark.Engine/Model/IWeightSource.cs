namespace Spark.Engine;

/// <summary>Where a model's weights come from, tensor by tensor, row by row.</summary>
internal interface IWeightSource
{
    /// <summary>Whether bf16 storage loses nothing of this tensor.</summary>
    bool IsBf16(string name, int rows, int columns);

    /// <summary>The rows of a tensor in order; the span is valid until the next one is asked for.</summary>
    void ReadRows(string name, int rows, int columns, Action<int, float[]> row);
}

internal sealed class CheckpointSource(Checkpoint checkpoint) : IWeightSource
{
    public bool IsBf16(string name, int rows, int columns) => checkpoint.Get(name, rows, columns).Type == WeightType.BFloat16;

    public void ReadRows(string name, int rows, int columns, Action<int, float[]> row)
    {
        var tensor = checkpoint.Get(name, rows, columns);
        var values = new float[columns];
        for (var i = 0; i < rows; i++)
        {
            tensor.CopyRow(i, values);
            row(i, values);
        }
    }
}

/// <summary>Uniform random weights, rounded to bf16; norms are 1.</summary>
internal sealed class RandomSource(int seed) : IWeightSource
{
    readonly Random random = new(seed);

    public bool IsBf16(string name, int rows, int columns) => true;

    public void ReadRows(string name, int rows, int columns, Action<int, float[]> row)
    {
        var values = new float[columns];
        var isNorm = name.EndsWith("norm.weight", StringComparison.Ordinal);
        for (var i = 0; i < rows; i++)
        {
            for (var j = 0; j < columns; j++)
                values[j] = isNorm ? 1 : BitConverter.UInt32BitsToSingle(BitConverter.SingleToUInt32Bits(random.NextSingle() * 0.1f - 0.05f) & 0xFFFF0000);
            row(i, values);
        }
    }
}
