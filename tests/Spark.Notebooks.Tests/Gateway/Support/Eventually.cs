namespace Spark.Notebooks.Tests;

/// <summary>Waits for what is bound to come, and fails when it does not.</summary>
internal static class Eventually
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static async Task TrueAsync(Func<bool> condition, string what)
    {
        var deadline = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(deadline) < Patience, $"Not within {Patience.TotalSeconds} s: {what}");
            await Task.Delay(10);
        }
    }
}
