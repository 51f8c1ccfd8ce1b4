using System.Runtime.ExceptionServices;

namespace Spark.Notebooks;

/// <summary>Engines that are started together, all or none.</summary>
internal static class EngineGroup
{
    /// <summary>Starts command i on node i, all at once; when one fails, the others are stopped.</summary>
    /// <exception cref="EngineStartException">The first engine that failed did not come up.</exception>
    public static async Task<EngineInstance[]> StartAsync(IEnumerable<INode> nodes, IEnumerable<ServeCommand> commands, CancellationToken cancellation)
    {
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var progress = new ProgressLine();
        Exception? first = null;
        var engines = (await Task.WhenAll(nodes.Zip(commands, StartOneAsync))).OfType<EngineInstance>().ToArray();
        if (first is not null)
        {
            await StopAsync(engines);
            ExceptionDispatchInfo.Throw(first);
        }

        return engines;

        async Task<EngineInstance?> StartOneAsync(INode node, ServeCommand command)
        {
            try
            {
                return await EngineInstance.StartAsync(node, command, progress, giveUp.Token);
            }
            catch (Exception error)
            {
                Interlocked.CompareExchange(ref first, error, null);
                await giveUp.CancelAsync();
                return null;
            }
        }
    }

    /// <summary>Says what came of each.</summary>
    public static Task<string[]> StopAsync(IEnumerable<EngineInstance> engines) => Task.WhenAll(engines.Select(engine => engine.StopAsync()));
}
