using System.Globalization;

namespace Spark.Notebooks;

/// <summary>What stands at the head of a module: which, on what, when, and what may spoil its measurements.</summary>
public sealed record LessonHead : Display
{
    public required string Number { get; init; }
    public required string Title { get; init; }
    public required DateTimeOffset At { get; init; }
    public string Cluster { get; init; } = "none";
    public IReadOnlyList<string> Nodes { get; init; } = [];
    public IReadOnlyList<string> Warnings { get; init; } = [];

    public override string ToHtml() => PlotlyScript.NeededBy(this) + Box(
        Palette.Single,
        $"<b>Module {Escape(Number)}: {Escape(Title)}</b><br>{string.Join("<br>", Lines.Select(Escape))}");

    public override string ToText() => $"Module {Number}: {Title}. {string.Join(". ", Lines)}";

    IEnumerable<string> Lines =>
    [
        $"Cluster {Cluster}{(Nodes.Count > 0 ? ": " : "")}{string.Join(", ", Nodes)}",
        $"{At.ToString("yyyy-MM-dd HH:mm zzz", CultureInfo.InvariantCulture)} on {Machine.Here}",
        .. Warnings.Select(warning => $"⚠ {warning}"),
    ];
}
