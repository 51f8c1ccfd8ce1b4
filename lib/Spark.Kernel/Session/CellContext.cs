namespace Spark.Kernel;

/// <summary>The cell on whose behalf the current code runs; it flows into every task and thread that the cell starts.</summary>
internal sealed record CellContext(Session Session, int Cell, CancellationToken Interrupted)
{
    static readonly AsyncLocal<CellContext?> Flowing = new();

    public static CellContext? Current
    {
        get => Flowing.Value;
        set => Flowing.Value = value;
    }
}
