namespace Spark.Notebooks;

/// <summary>What a disaggregated time to first token is made of, one after another.</summary>
public readonly record struct TtftParts(TimeSpan Prefill, TimeSpan Transfer, TimeSpan FirstToken)
{
    public TimeSpan Total => Prefill + Transfer + FirstToken;

    /// <summary>The transfer's share, 0 to 1.</summary>
    public double TransferShare => Transfer / Total;
}
