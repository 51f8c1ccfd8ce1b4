namespace Spark.Notebooks;

internal sealed class DiskCheck : IEnvironmentCheck
{
    public string Name => "disk";

    public Finding Judge(NodeReadings node, EnvironmentKnobs knobs) => node switch
    {
        { DiskProblem: { } problem } => Finding.Fail(problem, "Make data/results a folder that you may write to: modules hand their results on through it."),
        { DiskFree: null } => Finding.NotAvailable,
        { DiskFree: { } free } when free < knobs.FreeDisk => Finding.Warn($"{free} free", $"Make room: {knobs.FreeDisk} or more should be free."),
        { DiskFree: { } free } => Finding.Pass($"{free} free, data/results can be written"),
    };
}
