namespace Spark.Benchmarks;

/// <summary>How soon an engine is ready once its model's file is in the page cache.</summary>
static class StartSection
{
    const string Shipped = "data/models/tales-25m";

    public static async IAsyncEnumerable<Row> RunAsync(SectionOptions options)
    {
        // This process is not pinned: the engine would begin on the same core.
        await TimeAsync();
        var samples = new List<Sample>();
        for (var i = 0; i < options.Repeats; i++)
            samples.Add(new(await TimeAsync()));
        yield return new() { Name = "start to ready, the shipped model", Unit = "s", Samples = samples, Reach = Reach.AtMost(0.7, "s") };

        async Task<double> TimeAsync()
        {
            await using var server = await EngineServer.StartAsync(Shipped, Shipped, options.Core);
            return server.StartTime.TotalSeconds;
        }
    }
}
