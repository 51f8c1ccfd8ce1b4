using System.Diagnostics;

namespace Spark.Notebooks.Tests;

/// <summary>Waits for what is bound to come, and fails when it does not.</summary>
internal static class Eventually
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static Task TrueAsync(Func<bool> condition, string what) => TrueAsync(() => Task.FromResult(condition()), what);

    public static async Task TrueAsync(Func<Task<bool>> condition, string what)
    {
        for (var waited = Stopwatch.StartNew(); !await condition(); await Task.Delay(10))
            Assert.True(waited.Elapsed < Patience, $"Not within {Patience.TotalSeconds} s: {what}");
    }
}
