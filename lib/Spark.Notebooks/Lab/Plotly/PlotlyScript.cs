using System.Reflection;

namespace Spark.Notebooks;

/// <summary>plotly.js as Plotly.NET's package carries it, put on a page once, by the first display that needs it.</summary>
internal static class PlotlyScript
{
    static readonly Lazy<string> Source = new(Read);
    static readonly Lock Gate = new();
    static WeakReference<object>? carrier;

    /// <summary>The script if <paramref name="display"/> is the one that carries it, however often it is formatted; otherwise nothing.</summary>
    public static string NeededBy(object display)
    {
        lock (Gate)
        {
            carrier ??= new(display);
            return carrier.TryGetTarget(out var first) && ReferenceEquals(first, display) ? Html() : "";
        }
    }

    /// <summary>From now on <paramref name="display"/> carries the script: a re-run of a notebook's first cell replaces the output that held it.</summary>
    public static void CarriedBy(object display)
    {
        lock (Gate)
            carrier = new(display);
    }

    internal static void Forget()
    {
        lock (Gate)
            carrier = null;
    }

    // The parameters hide AMD and CommonJS loaders, with which plotly.js would register instead of setting window.Plotly.
    static string Html() => $$"""
        <script>if (!window.Plotly) (function (define, require, module, exports) {
        {{Source.Value}}
        }).call(window);</script>

        """;

    static string Read()
    {
        // By name: its types would load FSharp.Core, of which some hosts bring another version.
        var assembly = Assembly.Load("Plotly.NET");
        var name = assembly.GetManifestResourceNames().Single(name => name.EndsWith(".min.js", StringComparison.Ordinal));
        using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
