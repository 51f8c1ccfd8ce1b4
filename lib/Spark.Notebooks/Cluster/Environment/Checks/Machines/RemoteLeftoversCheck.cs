namespace Spark.Notebooks;

/// <summary>Runs of this user that another process started on the machine; told, and left alone.</summary>
internal sealed class RemoteLeftoversCheck : IMachineCheck
{
    public string Name => "leftovers of earlier runs";

    public Finding Judge(NodeReadings node, MachineReadings machine, EnvironmentKnobs knobs) => machine.Runs switch
    {
        [] => Finding.Pass("none"),
        var runs when runs.All(run => run.IsDriven) => Finding.Warn(string.Join("; ", runs), "Another notebook of yours is at work there: stop it, or wait, since both are slower together."),
        var runs => Finding.Warn(string.Join("; ", runs), "await cluster.StopLeftoversAsync() stops those whose starter is gone."),
    };
}
