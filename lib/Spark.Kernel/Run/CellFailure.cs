namespace Spark.Kernel;

/// <summary>The cell that ended a notebook, and why.</summary>
internal sealed record CellFailure
{
    public required string Notebook { get; init; }

    /// <summary>Counted from 1 over the cells that run, as in <c>In [3]</c>.</summary>
    public required int Cell { get; init; }

    public required ErrorOutput Error { get; init; }

    /// <summary>The failing line, or the cell's first where the failing one is not known.</summary>
    public required CodeLine Line { get; init; }

    public override string ToString()
    {
        var where = Error.At is null ? "which begins" : $"line {Line.Number}";
        return $"{Notebook}: cell {Cell}, {where}: {Line.Text}\n{Error.Name}: {Error.Value}";
    }
}
