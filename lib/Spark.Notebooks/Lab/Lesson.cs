namespace Spark.Notebooks;

/// <summary>The module that a notebook teaches: its first cell begins it, later cells record under its number.</summary>
public static class Lesson
{
    /// <summary>The module begun last in this session.</summary>
    public static LessonHead Current { get; private set; } = new() { Number = "00", Title = "no module begun", At = TimeProvider.System.GetLocalNow() };

    /// <summary>Shows the module's head, puts plotly.js on the page for its charts, and makes the module current.</summary>
    public static LessonHead Begin(string number, string title, Cluster? cluster = null)
    {
        Formatters.Register();
        Current = new()
        {
            Number = number,
            Title = title,
            Cluster = cluster?.Name ?? "none",
            Nodes = cluster is null ? [] : [.. cluster.Nodes.Select(node => $"{node}")],
            Warnings = [.. cluster?.Warnings ?? [], .. EnvironmentGate.Hint(number, cluster?.Name, Results.Load) is { } hint ? [hint] : (string[])[]],
            At = TimeProvider.System.GetLocalNow(),
        };
        PlotlyScript.CarriedBy(Current);
        return Current;
    }
}
