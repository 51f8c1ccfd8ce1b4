namespace Spark.Notebooks;

/// <summary>How a predicted winner map differs from the measured one.</summary>
public sealed record WinnerMapError : Display
{
    public required int Cells { get; init; }

    /// <summary>Cells in which both name the same winner, or both call it too close.</summary>
    public required int SameWinner { get; init; }

    /// <summary>Cells in which the measurement named a winner.</summary>
    public required int Decided { get; init; }

    /// <summary>Of those, the ones in which the prediction named another.</summary>
    public required int WrongWinner { get; init; }

    /// <summary>How far off predicted goodputs are, in percent of the measured ones that are not zero.</summary>
    public required Distribution Goodput { get; init; }

    public override string ToText() =>
        $"The prediction agrees with the measurement in {SameWinner} of {Cells} cells, and names the wrong winner in {WrongWinner} of the {Decided} that were decided"
        + (Goodput.Count > 0 ? $"; its goodput is off by {Figures.Show(Goodput.Median, "%")} in the median, {Figures.Show(Goodput.Max, "%")} at most" : "");

    public override string ToHtml() => Box(WrongWinner == 0 ? Palette.Right : Palette.Wrong, Escape(ToText()));
}
