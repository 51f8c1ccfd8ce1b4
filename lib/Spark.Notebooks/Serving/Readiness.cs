using System.Text.Json;

namespace Spark.Notebooks;

/// <summary>Waits until the server on an engine's port is the very process that was just started, which only its run id proves.</summary>
internal static class Readiness
{
    static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(25);

    /// <exception cref="EngineStartException">The engine ended, took too long, or someone else answers on its port.</exception>
    public static async Task WaitAsync(EngineInstance engine, TimeSpan deadline, ProgressLine progress, CancellationToken cancellation)
    {
        var last = "nobody answers";
        while (engine.Age < deadline)
        {
            if (engine.Process.Exited.IsCompleted)
                throw Failure($"it ended with exit code {await engine.Process.Exited}");
            progress.Show($"{engine.Address.Node}: starting, {engine.Age.TotalSeconds:0.0} s. {engine.Process.Log.Lines.Select(EngineLog.Relevant).LastOrDefault(line => line is not null)}");
            // Whoever else has its port may take a question and stay silent: it is asked only as long as the engine lives.
            using var alive = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            try
            {
                var asked = engine.Client.GetModelNamesAsync(alive.Token);
                await Task.WhenAny(asked, engine.Process.Exited);
                await alive.CancelAsync();
                var names = await asked;
                if (names.Contains(engine.Address.RunId))
                    return;
                throw Failure($"{engine.Address.Address} is answered by someone else, who serves {string.Join(", ", names)} and not {engine.Address.RunId}");
            }
            catch (Exception error) when (error is HttpRequestException or JsonException or OperationCanceledException)
            {
                last = error.Message;
            }

            await Task.WhenAny(engine.Process.Exited, Task.Delay(Interval, cancellation));
            cancellation.ThrowIfCancellationRequested();
        }

        throw Failure($"it was not ready within {deadline.TotalSeconds:0} s ({last})");

        EngineStartException Failure(string reason) => new(engine.Address.Node, reason, engine.Process.Log);
    }
}
