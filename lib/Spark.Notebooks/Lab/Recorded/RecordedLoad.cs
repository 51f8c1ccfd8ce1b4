namespace Spark.Notebooks;

/// <summary>One point of a recorded sweep over load, by guidellm's definitions: its "ITL" is vLLM's TPOT.</summary>
public sealed record RecordedLoad
{
    public required string Strategy { get; init; }

    /// <summary>Mean number of requests in flight that were to succeed.</summary>
    public required double Concurrency { get; init; }
    /// <summary>Mean number of requests in flight, those that the window cut off among them.</summary>
    public double InFlight { get; init; }
    public int PromptTokens { get; init; }
    public int OutputTokens { get; init; }
    public required int Completed { get; init; }

    /// <summary>Requests that the end of the 60 s window cut off.</summary>
    public required int Incomplete { get; init; }
    public required double OutputTokensPerSecond { get; init; }
    public required double TtftMedianMs { get; init; }
    public required double TtftP95Ms { get; init; }
    public required double ItlMedianMs { get; init; }
    public required double E2elMedianMs { get; init; }
}
