namespace Spark.Notebooks;

/// <summary>One figure of two measurements as a ratio with its spread, or why there is none.</summary>
public sealed record Comparison : Display
{
    public const string TooClose = "too close to call";

    /// <summary>Share of the greater of two figures below which their difference matters to nobody.</summary>
    public const double LeastEffect = 0.05;

    public required Metric Metric { get; init; }
    public required string BaselineName { get; init; }
    public required string OtherName { get; init; }

    /// <summary>A value a repeat; empty for a refused comparison.</summary>
    public required Distribution Baseline { get; init; }
    public required Distribution Other { get; init; }

    /// <summary>What one request changes, where the metric counts requests; 0 elsewhere.</summary>
    public required double OneRequest { get; init; }

    /// <summary>What the two were said to differ in besides.</summary>
    public required Difference Stated { get; init; }

    /// <summary>Why no ratio is given; empty for a fair comparison.</summary>
    public required IReadOnlyList<string> Objections { get; init; }

    public bool IsFair => Objections.Count == 0;

    /// <summary>Median of the other over median of the baseline; null where the comparison is refused.</summary>
    public double? Ratio => IsFair ? Other.Median / Baseline.Median : null;

    /// <summary>The least and the greatest ratio of any two repeats.</summary>
    public (double Least, double Greatest)? Spread => IsFair ? (Other.Min / Baseline.Max, Other.Max / Baseline.Min) : null;

    /// <summary>Whether no repeat of one reached any of the other, and the medians are further apart than <see cref="LeastEffect"/> and than one request; a single repeat tells nothing apart.</summary>
    public bool IsDecided => IsFair && Math.Min(Other.Count, Baseline.Count) > 1 && (Other.Min > Baseline.Max || Other.Max < Baseline.Min) && Apart(Other.Median, Baseline.Median, OneRequest);

    /// <summary>The better one's name, <see cref="TooClose"/>, or null where the comparison is refused.</summary>
    public string? Winner => !IsFair ? null : !IsDecided ? TooClose : Ratio > 1 == Metric.HigherIsBetter ? OtherName : BaselineName;

    /// <param name="stated">What the two may differ in, because it is what is compared or because whoever compares says so.</param>
    public static Comparison Of(Metric metric, RepeatedRun baseline, RepeatedRun other, Difference stated = Difference.None)
    {
        var objections = Fairness.Objections(baseline, other, stated);
        var (one, two) = (baseline.Runs[0].Target, other.Runs[0].Target);
        return new()
        {
            Metric = metric,
            BaselineName = one.Architecture == two.Architecture ? one.Name : one.Architecture,
            OtherName = one.Architecture == two.Architecture ? two.Name : two.Architecture,
            Baseline = objections.Count == 0 ? metric.Over(baseline) : new([], metric.Unit),
            Other = objections.Count == 0 ? metric.Over(other) : new([], metric.Unit),
            OneRequest = Math.Max(metric.OneRequest(baseline.Runs[0]), metric.OneRequest(other.Runs[0])),
            Stated = stated,
            Objections = objections,
        };
    }

    public override string ToText() => IsFair
        ? $"{Metric.Name}: {OtherName} {Figures.Show(Other.Median, Metric.Unit)}, {BaselineName} {Figures.Show(Baseline.Median, Metric.Unit)}: {Figures.Ratio(Ratio!.Value)} "
            + $"({Figures.Ratio(Spread!.Value.Least)} to {Figures.Ratio(Spread.Value.Greatest)} over {Math.Min(Other.Count, Baseline.Count)} repeats); {Conclusion}{Statement}"
        : $"{Metric.Name}: no ratio of {OtherName} to {BaselineName}. {string.Join("; ", Objections)}";

    public override string ToHtml() => Box(!IsFair ? Palette.Wrong : IsDecided ? Palette.Of(Winner!, 0) : Palette.Neutral, Escape(ToText()));

    // Half a request more than one: figures of as many requests over as long a time differ by a whole number of them.
    internal static bool Apart(double one, double other, double oneRequest) => Math.Abs(one - other) > Math.Max(LeastEffect * Math.Max(one, other), 1.5 * oneRequest);

    string Conclusion => IsDecided ? $"{Winner} is better"
        : Math.Min(Other.Count, Baseline.Count) == 1 ? $"{TooClose}, since it was measured once"
        : Apart(Other.Median, Baseline.Median, OneRequest) ? $"{TooClose}, since their repeats overlap"
        : Apart(Other.Median, Baseline.Median, 0) ? $"{TooClose}, since a single request decides"
        : FormattableString.Invariant($"{TooClose}, since they are within {LeastEffect:0 %}");

    string Statement => Stated == Difference.None ? "" : $". Stated difference: {Stated.ToString().ToLowerInvariant()}";
}
