namespace Spark.Notebooks;

/// <summary>Engines of earlier runs or other sessions; told, and left alone.</summary>
internal sealed class LeftoversCheck : IEnvironmentCheck
{
    public string Name => "leftovers of earlier runs";

    public Finding Judge(NodeReadings node, EnvironmentKnobs knobs) => node.Leftovers switch
    {
        null => Finding.NotAvailable,
        [] => Finding.Pass("none"),
        var leftovers => Finding.Warn(
            string.Join("; ", leftovers),
            $"They take computing time from what is measured. Unless another session of yours is at work: kill {string.Join(' ', leftovers.Select(leftover => leftover.Pid))}"),
    };
}
