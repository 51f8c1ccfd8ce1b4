namespace Spark.Benchmarks;

/// <summary>A proxy whose requests are measured.</summary>
interface IProxy : IAsyncDisposable
{
    Uri Address { get; }

    /// <summary>Of all that it does, since its start.</summary>
    TimeSpan CpuTime { get; }
}
