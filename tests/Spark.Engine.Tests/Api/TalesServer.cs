[assembly: AssemblyFixture(typeof(Spark.Engine.Tests.TalesServer))]

namespace Spark.Engine.Tests;

/// <summary>The real engine with the shipped model behind the API, shared by the tests that only ask it.</summary>
public sealed class TalesServer : IAsyncLifetime
{
    AsyncEngine? engine;
    ServerUnderTest? server;

    internal ServerUnderTest Server => server!;

    internal static AsyncEngine StartEngine(EngineOptions options)
    {
        var model = LoadedModel.Load(options, EngineLog.None);
        var capacity = KvCapacity.Of(options, model.Layout, model.Limits.MaxModelLen, model.WeightBytes, model.Llama.ActivationBytes);
        return new(new Engine(model, capacity, options, TimeProvider.System), model, capacity, options, EngineLog.None);
    }

    public async ValueTask InitializeAsync()
    {
        engine = StartEngine(TestEngine.Tales);
        server = await ServerUnderTest.StartAsync(engine);
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        engine?.Dispose();
    }
}
