using System.Globalization;

namespace Spark.Notebooks;

/// <summary>What stands at the head of a module: which, on what, when.</summary>
public sealed record LessonHead : Display
{
    public required string Number { get; init; }
    public required string Title { get; init; }
    public required string Cluster { get; init; }
    public required DateTimeOffset At { get; init; }
    public string Engine { get; init; } = "";

    public override string ToHtml() => PlotlyScript.NeededBy(this) + Box(
        Palette.Single,
        $"<b>Module {Escape(Number)}: {Escape(Title)}</b><br>{Escape(Where)}");

    public override string ToText() => $"Module {Number}: {Title}. {Where}";

    private string Where => $"Cluster {Cluster}, {At.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)}, {Machine.Here}";
}
