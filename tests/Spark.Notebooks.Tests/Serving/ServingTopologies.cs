namespace Spark.Notebooks.Tests;

/// <summary>Real engines, the real gateway and real load, all three architectures side by side.</summary>
[Collection(LocalCluster.Name)]
public sealed class ServingTopologies : IAsyncLifetime
{
    static readonly Knobs Knobs = new() { GpuMemoryUtilization = 0.3, Requests = 6, PromptTokens = 100, OutputTokens = 8, RangeRatio = 0.4, Repeats = 2 };

    Cluster cluster = null!;
    IReadOnlyList<Deployment> all = [];

    public async ValueTask InitializeAsync()
    {
        cluster = await Cluster.OpenAsync("local");
        all = await cluster.ServeSideBySideAsync([Topology.Single.BehindGateway(), Topology.Replicated(2), Topology.Disaggregated(1, 1)], Knobs);
    }

    public async ValueTask DisposeAsync() => await cluster.DisposeAsync();

    [Fact]
    public async Task Every_architecture_answers_every_request_and_its_engines_count_what_the_client_received()
    {
        var workload = await Workload.FromTextAsync(all[0], Knobs);
        foreach (var architecture in all)
        {
            var run = await LoadRun.ClosedLoopAsync(architecture, workload, concurrency: 3);
            Assert.Equal((6, 0, 0, true, true), (run.Completed, run.Fallbacks, run.ShortRequests, run.IdentityProven, run.EnginesAgree));
            Assert.All(run.Requests, request => Assert.NotNull(request.Routed));
            Assert.Equal(architecture.Topology.IsDisaggregated, run.Metrics.Sum(engine => engine.BytesTransferred) > 0);
            Assert.True(run.Cpu!.Engines.Count == architecture.Engines.Count && run.Cpu.OverheadShare > 0);
        }
    }

    [Fact]
    public async Task Measuring_what_was_stopped_or_replaced_asks_for_the_cell_that_serves_it()
    {
        await cluster.ServeAsync(Topology.Single, Knobs);
        await Assert.AllAsync(all, async stopped => Assert.Contains(
            "was stopped: run the cell that serves it again",
            (await Assert.ThrowsAsync<InvalidOperationException>(() => LoadRun.OneAsync(stopped, promptTokens: 16, outputTokens: 2))).Message,
            StringComparison.Ordinal));
    }

    [Fact]
    public async Task All_architectures_give_the_same_answer_token_by_token()
    {
        var same = await SameAnswers.CheckAsync(all, await Workload.FromTextAsync(all[0], Knobs));
        Assert.True(same.Equal, same.ToText());
        Assert.Equal(3, same.Architectures.Count);
        Assert.True(same.Tokens >= 6);
    }

    [Fact]
    public async Task Engines_are_chosen_in_turn_and_nobody_else_is_asked()
    {
        var run = await LoadRun.ClosedLoopAsync(all[1], await Workload.FromTextAsync(all[1], Knobs), concurrency: 2);
        Assert.Equal([3, 3], run.Requests.CountBy(request => request.Node).Select(node => node.Value));
        Assert.Equal(["node-0", "node-1"], run.Requests.Select(request => request.Node).Distinct().Order());
        Assert.Contains("requests answered 3", run.ByNode().ToText());
    }

    [Fact]
    public async Task Prompts_below_the_threshold_are_prefilled_where_they_are_decoded()
    {
        await using var pair = await cluster.ServeAsync(Topology.Disaggregated(1, 1), Knobs with { MinRemotePrefillTokens = 100, Transport = "tcp", KvLoadFailurePolicy = "recompute" });
        Assert.Equal("disaggregated 1P1D, gateway, round-robin, tcp", pair.Target.Name);
        Assert.Contains("\"recompute\"", string.Join(' ', pair.Engines[1].Command.Arguments));
        var run = await LoadRun.ClosedLoopAsync(pair, await Workload.FromTextAsync(pair, Knobs with { Requests = 12 }), concurrency: 2);
        Assert.All(run.Requests, request => Assert.Equal(request.PromptTokens >= 100, request.Routed!.Prefill is not null));
        Assert.Equal(run.Requests.Count(request => request.PromptTokens >= 100), run.Metrics.Sum(engine => engine.TransferTime.Count));
    }

    [Fact]
    public async Task Serving_again_replaces_gateways_and_engines()
    {
        var (pids, ports) = (all.SelectMany(deployment => deployment.Engines).Select(engine => engine.Process.Id).ToArray(), all.Select(deployment => deployment.Target.Endpoint.Port).ToArray());
        await using var again = await cluster.ServeAsync(Topology.Replicated(2), Knobs);
        Assert.All(await Task.WhenAll(pids.Select(pid => OwningProcesses.IsGoneAsync(pid))), Assert.True);
        Assert.All(ports.Where(port => port != again.Target.Endpoint.Port), port => Assert.False(PortRange.IsListening(port)));
    }

    [Fact]
    public async Task A_walk_shows_both_legs_and_pulls_the_bytes_that_the_formula_says()
    {
        var walk = await ProtocolWalk.RunAsync(all[2], promptTokens: 100, outputTokens: 4);
        Assert.Equal((100, 7), (walk.PromptTokens, walk.BlockIds.Count));
        Assert.Equal(walk.Computed, walk.Pulled);
        Assert.True(walk.TransferTime > TimeSpan.Zero);
        Assert.Equal((1, 4), ((int)walk.Prefill.Request["max_tokens"]!, (int)walk.Decode.Request["max_tokens"]!));
        Assert.True((bool)walk.Decode.Request["kv_transfer_params"]!["do_remote_prefill"]!);
        Assert.Equal(4, (int)walk.Decode.Answer["usage"]!["completion_tokens"]!);
        Assert.Contains("100 in all", walk.ToHtml());
        await Assert.ThrowsAsync<ArgumentException>(() => ProtocolWalk.RunAsync(all[1]));
    }

    [Fact]
    public async Task More_engines_than_memory_are_refused_before_anything_stops()
    {
        var error = await Assert.ThrowsAsync<ArgumentException>(() => cluster.ServeSideBySideAsync([Topology.Replicated(2), Topology.Disaggregated(1, 1)], Knobs with { GpuMemoryUtilization = 0.6 }));
        Assert.Contains("node-0 would hold 2 engines", error.Message);
        Assert.All(all, deployment => Assert.True(deployment.IsRunning));
    }
}
