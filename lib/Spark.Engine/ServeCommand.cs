using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Spark.Engine;

/// <summary><c>spark-engine serve</c>: load, size the cache, warm up, listen; on a signal drain and end.</summary>
internal static class ServeCommand
{
    public static async Task<int> RunAsync(ServeOptions options, CancellationToken stop)
    {
        var log = new EngineLog(Console.Out, TimeProvider.System);
        try
        {
            await ServeAsync(options, log, stop);
            return 0;
        }
        catch (Exception e) when (e is ModelFormatException or InvalidOperationException or IOException or UnauthorizedAccessException)
        {
            log.Error("Engine", e.Message);
            return 1;
        }
    }

    static async Task ServeAsync(ServeOptions options, EngineLog log, CancellationToken stop)
    {
        // As long as the model is loading, all cores may be used: these two take as long as a small one.
        var front = Task.Run(() => (Tokenizer.Load(options.TokenizerDirectory), ApiServer.Build(options.Api)), stop);
        using var model = LoadedModel.Load(options.Engine, log);
        var started = Stopwatch.GetTimestamp();
        var capacity = KvCapacity.Of(options.Engine, model.Layout, model.Limits.MaxModelLen, model.WeightBytes, model.Llama.ActivationBytes);
        foreach (var line in capacity.Describe(model.Limits.MaxModelLen))
            log.Info("Cache", line);
        using var core = new Engine(model, capacity, options.Engine, TimeProvider.System, log);
        core.WarmUp();
        log.Info("Engine", string.Create(CultureInfo.InvariantCulture, $"init engine (profile, create kv cache, warmup model) took {Stopwatch.GetElapsedTime(started).TotalSeconds:F2} seconds"));
        var (tokenizer, built) = await front;
        await using var api = built;
        var apart = options.ApiCores.Count > 0;
        Pin(apart ? options.ApiCores : options.Cores, Placement.Pin, log);
        using var engine = new AsyncEngine(core, model, capacity, options.Engine, log, apart ? () => Pin(options.Cores, Placement.PinThisThread, log) : null);
        using var stats = new StatLogger(() => engine.Stats, log, TimeProvider.System);
        var chatTemplate = ChatTemplate.Load(options.TokenizerDirectory, options.ChatTemplateFile, tokenizer.SpecialTokens);
        ApiServer.Serve(api, options.Api with { Defaults = GenerationDefaults.Load(options.Engine.Model) }, engine, tokenizer, chatTemplate);
        await api.StartAsync(stop);
        log.Info("Api", $"Listening on {string.Join(", ", api.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses)}");
        log.Info("Api", "Application startup complete.");
        if (options.ExitWithParent)
            ParentWatch.Start(api.Lifetime.StopApplication);
        await using var signal = stop.Register(api.Lifetime.StopApplication);
        await api.WaitForShutdownAsync(CancellationToken.None);
        log.Info("Api", "Application shutdown complete.");
    }

    static void Pin(IReadOnlyList<int> cores, Func<IReadOnlyList<int>, string?> pin, EngineLog log)
    {
        if (cores.Count > 0 && pin(cores) is { } problem)
            log.Warning("Placement", $"Not pinned to {string.Join(", ", cores)}: {problem}.");
    }
}
