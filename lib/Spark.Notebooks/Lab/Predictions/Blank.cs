using System.Diagnostics.CodeAnalysis;

namespace Spark.Notebooks;

/// <summary>The blank that a learner fills in; left blank it is "no answer", so that a notebook runs as it comes.</summary>
public static class Blank
{
    [SuppressMessage("Naming", "CA1707", Justification = "It has to look like a blank.")]
    public static double? ___ => null;
}
