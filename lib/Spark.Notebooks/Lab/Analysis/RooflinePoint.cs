namespace Spark.Notebooks;

/// <summary>A step of known work whose time was measured: a prefill of so many tokens, or a decode step of so many sequences.</summary>
public sealed record RooflinePoint(int Tokens, bool IsPrefill, Work Work, TimeSpan Measured)
{
    public double FlopPerSecond => Work.Flop / Measured.TotalSeconds;
}
