namespace Spark.Engine;

/// <summary>Rotary position frequencies: plain, <c>linear</c>, or <c>llama3</c> (https://huggingface.co/docs/transformers/main/internal/rope_utils).</summary>
public sealed record RopeConfig
{
    public required float Theta { get; init; }
    public string Type { get; init; } = "default";
    public float Factor { get; init; } = 1;
    public float LowFreqFactor { get; init; } = 1;
    public float HighFreqFactor { get; init; } = 4;
    public int OriginalMaxPositions { get; init; }

    internal static RopeConfig Read(ConfigReader config)
    {
        config.RequireAbsent("partial_rotary_factor");
        // Transformers 5 writes one rope_parameters object; earlier versions rope_theta and rope_scaling.
        var section = config.Section("rope_parameters") ?? config.Section("rope_scaling");
        var theta = section?.Number("rope_theta", config.Number("rope_theta", 10000)) ?? config.Number("rope_theta", 10000);
        return (section?.Text("rope_type") ?? section?.Text("type") ?? "default") switch
        {
            "default" => new() { Theta = theta },
            "linear" => new() { Theta = theta, Type = "linear", Factor = section!.Number("factor") },
            "llama3" => new()
            {
                Theta = theta,
                Type = "llama3",
                Factor = section!.Number("factor"),
                LowFreqFactor = section.Number("low_freq_factor"),
                HighFreqFactor = section.Number("high_freq_factor"),
                OriginalMaxPositions = section.Positive("original_max_position_embeddings"),
            },
            var other => throw section!.Error("rope_type", $"is '{other}'; this engine computes default, linear and llama3"),
        };
    }

    /// <summary>Radians a position for each of the <paramref name="headDim"/>/2 rotated pairs.</summary>
    public float[] InverseFrequencies(int headDim) =>
        [.. Enumerable.Range(0, headDim / 2).Select(i => Scale(1f / MathF.Pow(Theta, 2f * i / headDim)))];

    float Scale(float frequency)
    {
        if (Type != "llama3")
            return frequency / Factor;
        var wavelength = 2 * MathF.PI / frequency;
        if (wavelength < OriginalMaxPositions / HighFreqFactor)
            return frequency;
        if (wavelength > OriginalMaxPositions / LowFreqFactor)
            return frequency / Factor;
        var smooth = (OriginalMaxPositions / wavelength - LowFreqFactor) / (HighFreqFactor - LowFreqFactor);
        return (1 - smooth) * frequency / Factor + smooth * frequency;
    }
}
