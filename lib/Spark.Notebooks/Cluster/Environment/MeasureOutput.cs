using System.Text.Json;

namespace Spark.Notebooks;

/// <summary>The JSON that <c>spark-engine measure</c> prints, one object a line.</summary>
internal static class MeasureOutput
{
    static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(10);
    static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    public static readonly JsonSerializerOptions Format = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    /// <summary>Waits for the first object that a process prints while it goes on.</summary>
    /// <exception cref="InvalidOperationException">It ended, or took longer than a minute; the message has its output.</exception>
    public static async Task<string> FirstAsync(INodeTool process, CancellationToken cancellation)
    {
        var waited = System.Diagnostics.Stopwatch.StartNew();
        while (waited.Elapsed < Deadline && !process.Exited.IsCompleted)
        {
            if (process.Log.Lines.FirstOrDefault(line => line.StartsWith('{')) is { } json)
                return json;
            await Task.Delay(PollInterval, cancellation);
        }
        throw Failed(process);
    }

    /// <summary>Waits for a process to end, and takes the last object that it printed.</summary>
    /// <exception cref="InvalidOperationException">It failed; the message has its output.</exception>
    public static async Task<string> LastAsync(INodeTool process, CancellationToken cancellation)
    {
        var exitCode = await process.Exited.WaitAsync(Deadline, cancellation);
        return exitCode == 0 && process.Log.Lines.LastOrDefault(line => line.StartsWith('{')) is { } json ? json : throw Failed(process);
    }

    /// <summary>Where <c>measure source</c> says that it can be pulled from.</summary>
    public static string Source(string json) => JsonSerializer.Deserialize<Offer>(json, Format)!.Source;

    static InvalidOperationException Failed(INodeTool process) =>
        new($"The measuring program gave no figures:\n{string.Join('\n', process.Log.Lines.TakeLast(15))}");

    sealed record Offer(string Source);
}
