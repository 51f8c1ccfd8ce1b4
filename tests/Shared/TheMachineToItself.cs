[assembly: AssemblyFixture(typeof(Spark.Tests.TheMachineToItself))]

namespace Spark.Tests;

/// <summary>Lets one test project run at a time, whoever starts several at once: they all start engines, and some measure.</summary>
public sealed class TheMachineToItself : IDisposable
{
    static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(200);
    readonly FileStream turn;

    public TheMachineToItself()
    {
        var path = Path.Combine(Path.GetTempPath(), $"spark-notebooks-tests-{Environment.UserName}.lock");
        for (; ; Thread.Sleep(PollInterval))
            try
            {
                turn = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
                return;
            }
            catch (IOException)
            {
                // Another project has it; the system takes it from a process that ends.
            }
    }

    public void Dispose() => turn.Dispose();
}
