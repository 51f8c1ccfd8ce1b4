namespace Spark.Notebooks.Tests;

/// <summary>Writes into a test's output what a learner sees of a fault, and what is left of it.</summary>
internal static class FaultReport
{
    public static void Write(string fault, string seen, string left) =>
        TestContext.Current.TestOutputHelper!.WriteLine($"FAULT {fault}\nSEEN {seen}\nLEFT {left}\nEND");
}
