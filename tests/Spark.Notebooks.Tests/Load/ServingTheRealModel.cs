namespace Spark.Notebooks.Tests;

/// <summary>The whole way: the shipped cluster file, the engine's own process, the shipped model, real load.</summary>
[Collection(LocalCluster.Name)]
public sealed class ServingTheRealModel : IAsyncLifetime
{
    static readonly Knobs Knobs = new() { GpuMemoryUtilization = 0.3, Requests = 8, PromptTokens = 96, OutputTokens = 12, RangeRatio = 0.5 };

    Cluster cluster = null!;
    Deployment single = null!;

    public async ValueTask InitializeAsync()
    {
        cluster = await Cluster.OpenAsync("local");
        single = await cluster.ServeAsync(Topology.Single, Knobs);
    }

    public async ValueTask DisposeAsync() => await cluster.DisposeAsync();

    [Fact]
    public void The_engine_tells_its_weights_cache_and_concurrency_in_vLLMs_words()
    {
        var log = single.Engines.Single().Log;
        Assert.Equal(5, log.Lines.Count);
        Assert.True(log.WeightsGiB > 0 && log.ActivationsGiB > 0 && log.KvCacheGiB > 0 && log.LoadTime > TimeSpan.Zero);
        Assert.Equal(0, log.KvCacheTokens % 16);
        Assert.Equal((double)log.KvCacheTokens!.Value / log.MaxModelLen!.Value, log.MaxConcurrency!.Value, 0.01);
    }

    [Fact]
    public async Task One_request_has_every_token_asked_for()
    {
        var run = await LoadRun.OneAsync(single, promptTokens: 64, outputTokens: 16);
        var request = run.Requests.Single();
        Assert.Null(request.Error);
        Assert.Equal((64, 16, "length"), (request.PromptTokens, request.OutputTokens, request.FinishReason));
        Assert.InRange(request.TokenTimes.Count, 2, 16);
        Assert.True(request.Ttft > TimeSpan.Zero && request.E2el < run.Duration);
    }

    [Fact]
    public async Task An_engine_whose_server_has_other_cores_is_as_busy_as_what_computes()
    {
        // A lone node leaves this machine's other cores to its server.
        var file = new ClusterFile { Model = "data/models/tales-25m", Nodes = [new() { Name = "alone", Cores = "auto", DeviceMemory = "704MiB", Ports = "auto" }] };
        await using var lone = Cluster.Create($"{Guid.NewGuid()}", file, CpuList.Allowed(), EngineExecutable.Find());
        var served = await lone.ServeAsync(Topology.Single, Knobs);
        var cpu = (await LoadRun.ClosedLoopAsync(served, await Workload.FromTextAsync(served, Knobs), concurrency: 4)).Cpu!;

        // Each reading is two numbers of whole ticks, in user mode and in the kernel.
        var whatRoundingHides = TimeSpan.FromSeconds(4 / CpuClock.TicksPerSecond);
        var computing = cpu.Engines["alone"];
        if (((LocalNode)lone.Nodes[0]).ApiCores.Count == 0)
            Assert.Empty(cpu.Computing);
        else
            Assert.InRange(computing = cpu.Computing["alone"], TimeSpan.FromTicks(1), cpu.Engines["alone"] + whatRoundingHides);
        Assert.Equal(computing / cpu.Duration, cpu.Busy(served.Engines[0].Address), 1e-9);
    }

    [Fact]
    public async Task The_engines_counters_add_up_to_what_the_client_saw_and_no_run_hits_anothers_prefixes()
    {
        var workload = await Workload.FromTextAsync(single, Knobs);
        var closed = await LoadRun.ClosedLoopAsync(single, workload, concurrency: 4);
        var batches = await LoadRun.StaticBatchesAsync(single, workload, batchSize: 4);
        Assert.All([closed, batches], run =>
        {
            Assert.Equal((8, 0, 0), (run.Completed, run.Failed, run.ShortRequests));
            var engine = run.Metrics.Single();
            Assert.True(run.EnginesAgree);
            Assert.Equal(workload.Requests.Sum(request => request.PromptTokenIds.Count), engine.PromptTokens);
            Assert.Equal(workload.Requests.Sum(request => request.OutputTokens), engine.GenerationTokens);
            Assert.Equal((8L, 8L, 0L), (engine.RequestSuccess, engine.TimeToFirstToken.Count, engine.PrefixCacheHits));
            Assert.Equal((0, 0), (engine.Running, engine.Waiting));
            Assert.All(run.Requests, request => Assert.Null(request.CachedTokens));
        });
    }

    [Fact]
    public async Task Sweeps_and_ceilings_are_measured_on_it()
    {
        var ttft = await Sweep.TtftAsync(single, [16, 128], repeats: 2);
        var itl = await Sweep.ItlAsync(single, [32, 256], repeats: 2);
        Assert.All([.. ttft.Points, .. itl.Points], point => Assert.True(point.Latency.Min > 0));
        var ceilings = await cluster.MeasureAsync(bufferBytes: [1 << 20]);
        Assert.Equal([1 << 20], ceilings.ReadBytesPerSecond.Keys);
        Assert.True(ceilings.FlopPerSecond > 0);
    }

    [Fact]
    public async Task A_prompt_that_can_never_fit_is_refused_in_the_engines_words()
    {
        var error = await Assert.ThrowsAsync<LoadException>(() => LoadRun.OneAsync(single, promptTokens: 4_000, outputTokens: 1));
        Assert.Matches("node-0 failed: 400 BadRequestError: .*maximum context length is [0-9]+ tokens", error.Message);
    }

    [Fact]
    public async Task A_knob_that_leaves_no_room_is_refused_in_the_engines_words()
    {
        var error = await Assert.ThrowsAsync<EngineStartException>(() => cluster.ServeAsync(Topology.Single, Knobs with { GpuMemoryUtilization = 0.01 }));
        Assert.Contains("Try increasing `gpu_memory_utilization`", error.Message);
    }

    [Fact]
    public async Task Stopping_leaves_no_process_and_no_port()
    {
        var engine = single.Engines.Single();
        Assert.Contains("stopped", await cluster.StopAllAsync());
        Assert.Equal(0, await engine.Process.Exited);
        Assert.True(await OwningProcesses.IsGoneAsync(engine.Process.Id));
        Assert.False(PortRange.IsListening(engine.Command.Port));
    }

    [Fact]
    public Task Killing_the_owner_outright_ends_the_engine() =>
        OwningProcesses.KillTheOwnerOfAsync(EngineExecutable.Find(), [.. single.Engines.Single().Command.Arguments.Select(argument => argument == $"{single.Engines.Single().Command.Port}" ? $"{PortRange.Auto.FindFree()}" : argument), "--exit-with-parent"]);
}
