namespace Spark.Notebooks;

/// <summary>What one engine step has to do: floating-point operations and bytes of weights and KV cache read or written.</summary>
public readonly record struct Work(double Flop, double Bytes)
{
    /// <summary>Arithmetic intensity in FLOP per byte.</summary>
    public double Intensity => Flop / Bytes;
}
