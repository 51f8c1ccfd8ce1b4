namespace Spark.Notebooks;

/// <summary>Streams that decode all the while, and long prompts that arrive among them at stated times.</summary>
public sealed record InterferencePlan
{
    public int Streams { get; init; } = 6;
    public int StreamPromptTokens { get; init; } = 32;
    public int StreamOutputTokens { get; init; } = 300;

    public int LongPrompts { get; init; } = 4;
    public int LongPromptTokens { get; init; } = 1_024;

    /// <summary>When the first long prompt is sent, and the gap to each next one.</summary>
    public TimeSpan FirstAt { get; init; } = TimeSpan.FromSeconds(0.4);
    public TimeSpan Every { get; init; } = TimeSpan.FromSeconds(0.4);

    /// <summary>A gap between two tokens is a spike when it is more than so many times the median gap before the first long prompt.</summary>
    public double SpikeMultiple { get; init; } = 5;

    public int Seed { get; init; }

    public IReadOnlyList<TimeSpan> Arrivals => [.. Enumerable.Range(0, LongPrompts).Select(i => FirstAt + (i * Every))];

    internal IArrivals ToArrivals() => new OpenLoop(
        FormattableString.Invariant($"{Streams} streams at once, then {LongPrompts} long prompts from {FirstAt.TotalSeconds:0.0#} s on, every {Every.TotalSeconds:0.0#} s"),
        [.. Enumerable.Repeat(TimeSpan.Zero, Streams), .. Arrivals]);

    /// <summary>The streams first, then the long prompts, which yield one token each.</summary>
    internal async Task<Workload> ToWorkloadAsync(LoadTarget target, CancellationToken cancellation)
    {
        var text = await PromptText.LoadAsync(target, Seed, cancellation);
        return new()
        {
            Recipe = $"{Streams} streams of {StreamPromptTokens} prompt and {StreamOutputTokens} output tokens, {LongPrompts} prompts of {LongPromptTokens} tokens, text of data/prompts/tales.txt, seed {Seed}",
            Requests =
            [
                .. Enumerable.Range(0, Streams).Select(_ => new PromptRequest(text.Next(StreamPromptTokens), StreamOutputTokens)),
                .. Enumerable.Range(0, LongPrompts).Select(_ => new PromptRequest(text.Next(LongPromptTokens), 1)),
            ],
        };
    }
}
