namespace Spark.Notebooks;

/// <summary>A request at work in a <see cref="ServingModel"/>.</summary>
internal sealed class ModelSequence(ModelRequest request)
{
    public ModelRequest Request => request;

    public List<TimeSpan> Tokens { get; } = [];

    public int Computed { get; private set; } = request.Cached;

    /// <summary>Tokens to compute before it can yield another.</summary>
    public int Pending => request.Prompt + Tokens.Count - Computed;

    public bool IsDecoding => Tokens.Count > 0;

    public bool IsDone => Tokens.Count == request.Output;

    public void Compute(int tokens, TimeSpan at)
    {
        Computed += tokens;
        if (Pending == 0)
            Tokens.Add(at);
    }
}
