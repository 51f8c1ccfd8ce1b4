namespace Spark.Notebooks;

/// <summary>The judgement of one answer; a wrong one is shown, never thrown, so that a notebook runs to its end.</summary>
public sealed record Verdict(Outcome Outcome, string Message) : Display
{
    public bool Passed => Outcome == Outcome.Right;

    public override string ToHtml() => Box(Colour, $"<b>{Mark}</b> {Escape(Message)}");

    public override string ToText() => $"{Mark} {Message}";

    string Mark => Outcome switch
    {
        Outcome.Right => "✓ Passed.",
        Outcome.NoAnswer => "◯ Open.",
        _ => "✗ Not yet.",
    };

    string Colour => Outcome switch
    {
        Outcome.Right => Palette.Right,
        Outcome.NoAnswer => Palette.Neutral,
        _ => Palette.Wrong,
    };
}
