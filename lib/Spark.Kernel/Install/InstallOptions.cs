namespace Spark.Kernel;

/// <summary>Where to install the kernel and under what name.</summary>
internal sealed record InstallOptions
{
    public const string UsualName = ".net-csharp";
    public const string OtherName = "spark-csharp";

    /// <summary>The folder whose <c>share/jupyter/kernels</c> is meant; the user's own without one.</summary>
    public string? Prefix { get; init; }

    /// <summary>The kernelspec's name; without one <c>.net-csharp</c>, which the notebooks name, or another where that is taken.</summary>
    public string? Name { get; init; }

    /// <summary>Whether a kernelspec of someone else's may be replaced or removed.</summary>
    public bool Force { get; init; }
}
