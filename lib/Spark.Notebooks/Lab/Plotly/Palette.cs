namespace Spark.Notebooks;

/// <summary>The Okabe–Ito colours, which colour-blind readers can tell apart, each with one meaning in every chart.</summary>
internal static class Palette
{
    public const string Prefill = "#E69F00";
    public const string Decode = "#0072B2";
    public const string Waiting = "#999999";
    public const string Transfer = "#CC79A7";

    public const string Continuous = "#56B4E9";
    public const string Static = "#D55E00";

    public const string Single = "#009E73";
    public const string Replicated = "#56B4E9";
    public const string Disaggregated = "#D55E00";

    public const string Tcp = "#CC79A7";
    public const string Shm = "#0072B2";

    public const string HostMemory = "#0072B2";
    public const string GpuMemory = "#D55E00";
    public const string Sockets = "#E69F00";

    public const string Preemption = "#D55E00";
    public const string Right = "#009E73";
    public const string Wrong = "#D55E00";

    /// <summary>Legible on white and on near-black: text where the page's own ink is unknown, formulas, fits and ceilings.</summary>
    public const string Neutral = "#7C7C7C";
    public const string Grid = "rgba(128,128,128,0.25)";

    static readonly string[] Others = ["#CC79A7", "#0072B2", "#E69F00", "#F0E442"];

    /// <summary>The colour of a topology by its name; other names take the remaining colours in turn.</summary>
    public static string Of(string name, int index) => name switch
    {
        _ when name.StartsWith("single", StringComparison.OrdinalIgnoreCase) => Single,
        _ when name.StartsWith("replicated", StringComparison.OrdinalIgnoreCase) => Replicated,
        _ when name.StartsWith("disaggregated", StringComparison.OrdinalIgnoreCase) => Disaggregated,
        _ when name.StartsWith("continuous", StringComparison.OrdinalIgnoreCase) => Continuous,
        _ when name.StartsWith("static", StringComparison.OrdinalIgnoreCase) => Static,
        "tcp" => Tcp,
        "shm" => Shm,
        _ => Others[index % Others.Length],
    };
}
