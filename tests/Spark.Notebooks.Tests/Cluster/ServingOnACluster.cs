namespace Spark.Notebooks.Tests;

public class ServingOnACluster
{
    static readonly Knobs Knobs = new() { GpuMemoryUtilization = 0.5 };

    [Fact]
    public async Task What_is_served_has_proven_to_be_what_was_just_started()
    {
        await using var cluster = Open();
        await using var single = await cluster.ServeAsync(Topology.Single, Knobs);
        var engine = single.Engines.Single();
        Assert.Equal(["model", single.Target.Model, engine.Address.RunId], await engine.Client.GetModelNamesAsync());
        Assert.Equal(("model", engine.Address.RunId), (single.Target.ModelName, single.Target.Engines.Single().RunId));
        Assert.Equal(45_056, engine.Log.KvCacheTokens);
        Assert.Contains("GPU KV cache size: 45,056 tokens", single.StartupLog());
        Assert.Equal(0, (await single.MetricsAsync()).Single().Running);
    }

    [Fact]
    public async Task Serving_again_replaces_what_was_served_even_by_a_cluster_opened_before()
    {
        var name = $"{Guid.NewGuid()}";
        await using var first = Open(name: name);
        var before = (await first.ServeAsync(Topology.Single, Knobs)).Engines.Single();
        await using var second = Open(name: name);
        var after = (await second.ServeAsync(Topology.Single, Knobs)).Engines.Single();

        Assert.NotEqual(before.Address.RunId, after.Address.RunId);
        Assert.True(await OwningProcesses.IsGoneAsync(before.Process.Id));
        Assert.False(PortRange.IsListening(before.Command.Port) && before.Command.Port != after.Command.Port);
    }

    [Fact]
    public async Task Stopping_says_what_was_stopped_and_leaves_no_process_and_no_port()
    {
        var cluster = Open();
        var engine = (await cluster.ServeAsync(Topology.Single, Knobs)).Engines.Single();
        var said = await cluster.StopAllAsync();
        Assert.Contains($"{engine.Address.RunId} on node-0 (pid {engine.Process.Id}", said);
        Assert.Contains("stopped", said);
        Assert.True(await OwningProcesses.IsGoneAsync(engine.Process.Id));
        Assert.False(PortRange.IsListening(engine.Command.Port));
        Assert.False(File.Exists(engine.Process.Log.Path));
        Assert.Contains("Nothing of", await cluster.StopAllAsync());
    }

    [Fact]
    public async Task Closing_a_cluster_stops_only_what_was_served_through_it()
    {
        var name = $"{Guid.NewGuid()}";
        var first = Open(name: name);
        var engine = (await first.ServeAsync(Topology.Single, Knobs)).Engines.Single();
        await Open(name: name).DisposeAsync();
        Assert.False(engine.Process.Exited.IsCompleted);
        await first.DisposeAsync();
        Assert.True(await OwningProcesses.IsGoneAsync(engine.Process.Id));
    }

    [Fact]
    public async Task An_engine_that_dies_at_its_start_is_told_with_its_last_words()
    {
        await using var cluster = Open("dies");
        var error = await Assert.ThrowsAsync<EngineStartException>(() => cluster.ServeAsync(Topology.Single, Knobs));
        Assert.Contains("node-0: the engine did not start: it ended with exit code 3", error.Message);
        Assert.Contains("ValueError: no such luck", error.Message);
        File.Delete(error.Message.Split("All of its output: ")[1]);
    }

    [Fact]
    public async Task A_server_with_another_run_id_on_the_port_is_not_taken_for_the_engine()
    {
        var port = PortRange.Auto.FindFree();
        await using var cluster = Open("impostor", ports: $"{port}");
        var error = await Assert.ThrowsAsync<EngineStartException>(() => cluster.ServeAsync(Topology.Single, Knobs));
        Assert.Contains($":{port}/ is answered by someone else, who serves tales, run-other", error.Message);
        Assert.False(PortRange.IsListening(port!.Value));
    }

    [Fact]
    public async Task A_port_that_someone_takes_meanwhile_is_given_up_for_another()
    {
        var marker = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}");
        await using var cluster = Open(marker);
        await using var single = await cluster.ServeAsync(Topology.Single, Knobs);
        Assert.True(File.Exists(marker));
        Assert.Contains(single.Target.Model, await single.Engines.Single().Client.GetModelNamesAsync());
        File.Delete(marker);
    }

    [Fact]
    public async Task A_fixed_port_that_is_taken_is_named_with_its_node()
    {
        await using var other = await FakeVllm.StartAsync();
        await using var cluster = Open(ports: $"{other.Address.Port}");
        var error = await Assert.ThrowsAsync<IOException>(() => cluster.ServeAsync(Topology.Single, Knobs));
        Assert.Contains($"node-0: port {other.Address.Port} of this machine is taken", error.Message);
    }

    [Fact]
    public async Task Giving_up_waiting_leaves_nothing_running()
    {
        var cluster = Open("mute");
        using var impatience = new CancellationTokenSource(TimeSpan.FromMilliseconds(500));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cluster.ServeAsync(Topology.Single, Knobs, impatience.Token));
        Assert.StartsWith("Nothing of", await cluster.StopAllAsync());
    }

    [Fact]
    public async Task A_knob_out_of_range_is_refused_before_anything_stops()
    {
        await using var cluster = Open();
        await using var single = await cluster.ServeAsync(Topology.Single, Knobs);
        await Assert.ThrowsAsync<ArgumentException>(() => cluster.ServeAsync(Topology.Single, Knobs with { GpuMemoryUtilization = 2 }));
        Assert.False(single.Engines.Single().Process.Exited.IsCompleted);
    }

    [Fact]
    public async Task Ceilings_come_from_a_process_on_the_node_whether_an_engine_idles_there_or_has_ended()
    {
        await using var cluster = Open();
        await using var single = await cluster.ServeAsync(Topology.Single, Knobs);
        await cluster.MeasureAsync();
        await single.StopAsync();
        Assert.False(single.IsRunning);
        var ceilings = await cluster.MeasureAsync();
        Assert.Equal("node-0", ceilings.Node);
        Assert.Equal(123.5e9, ceilings.FlopPerSecond);
        Assert.Equal(200e9, ceilings.ReadBytesPerSecondAt(1000));
        Assert.Equal(38.25e9, ceilings.ReadBytesPerSecondAt(50_000_000));
        Assert.Equal(38.25e9, ceilings.ReadBytesPerSecondAt(1L << 40));
        Assert.Equal(("512 bit", ".NET 10.0.1", "X64", true), (ceilings.Simd, ceilings.Runtime, ceilings.Architecture, ceilings.Pinned));
    }

    static Cluster Open(string mode = "good", string ports = "auto", string? name = null) =>
        Cluster.Create(name ?? $"{Guid.NewGuid()}", new() { Model = "some/model", Nodes = [new() { Name = "node-0", Cores = "auto", DeviceMemory = "64MiB", Ports = ports }] }, [0], FakeEngine.Executable(mode));
}
