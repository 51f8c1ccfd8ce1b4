namespace Spark.Notebooks.Tests;

/// <summary>The NIXL preflight over a real sshd, with programs in vLLM's place that do what has been reported of it.</summary>
public sealed class TryingNixl : IAsyncLifetime
{
    static readonly PreflightKnobs Knobs = new() { KvCache = ByteSize.FromMiB(64), Watched = TimeSpan.FromSeconds(1), MaxModelLen = 512 };
    SshServer server = null!;

    public async ValueTask InitializeAsync() => server = await SshServer.StartAsync();

    public ValueTask DisposeAsync() => server?.DisposeAsync() ?? default;

    [Fact]
    public async Task An_engine_that_comes_up_works_and_is_gone_afterwards()
    {
        var verdict = await TryAsync("", Knobs);
        Assert.True(verdict.Works, verdict.ToText());
        Assert.StartsWith("NIXL on spark-0: works.", verdict.ToText());
        Assert.InRange(verdict.MemoryLeast.Bytes, 1, verdict.MemoryBefore.Bytes);
    }

    [Fact]
    public async Task A_backend_that_cannot_be_made_is_told_with_its_line_and_what_others_did()
    {
        var verdict = await TryAsync("echo 'INFO Initializing NIXL worker'; echo 'nixl_cu13._bindings.nixlBackendError: NIXL_ERR_BACKEND' >&2; exit 1", Knobs);
        Assert.Equal((false, "NIXL could not make its UCX backend"), (verdict.Works, verdict.Symptom));
        Assert.Equal(["nixl_cu13._bindings.nixlBackendError: NIXL_ERR_BACKEND"], verdict.Lines);
        Assert.Contains("sm_121", verdict.Advice);
    }

    [Fact]
    public async Task An_engine_whose_memory_grows_is_ended_at_the_cap()
    {
        // Memory that is really there, and that grows until it is ended, by more than what other programs of this machine may give back meanwhile.
        const string Growing = "for i in $(seq 40); do head -c 100000000 /dev/zero; sleep 0.2; done | tail -c 4000000000 >/dev/null";
        var verdict = await TryAsync($"echo 'INFO Initializing NIXL worker'; {Growing}", Knobs with { MemoryCap = ByteSize.FromMiB(200) });
        Assert.Equal((false, "host memory grew beyond the cap"), (verdict.Works, verdict.Symptom));
        Assert.True(verdict.MemoryBefore - verdict.MemoryLeast > ByteSize.FromMiB(200));
        Assert.Contains("INFO Initializing NIXL worker", verdict.Lines);
    }

    [Fact]
    public async Task An_engine_that_never_answers_has_stalled()
    {
        var verdict = await TryAsync("echo 'INFO Initializing NIXL worker'; exec sleep 60", Knobs with { Within = TimeSpan.FromSeconds(2) });
        Assert.Equal((false, "it stalled"), (verdict.Works, verdict.Symptom));
    }

    [Theory]
    [InlineData("kill -SEGV $$", "it crashed in native code")]
    [InlineData("exit 3", "it ended with exit code 3")]
    [InlineData("echo 'ValueError: Free memory on device (20/119 GiB) on startup is less than desired GPU memory utilization (0.3, 35 GiB).'; exit 1", "too little memory is free")]
    public async Task An_engine_that_ends_is_told_by_its_end(string before, string symptom)
    {
        var verdict = await TryAsync(before, Knobs);
        Assert.Equal((false, symptom), (verdict.Works, verdict.Symptom));
    }

    [Fact]
    public async Task A_local_cluster_has_nothing_to_try()
    {
        await using var cluster = await Cluster.OpenAsync("local", TestContext.Current.CancellationToken);
        var verdict = await cluster.PreflightAsync(cancellation: TestContext.Current.CancellationToken);
        Assert.Null(verdict.Works);
        Assert.StartsWith("On spark only", verdict.ToText());
    }

    async Task<PreflightVerdict> TryAsync(string before, PreflightKnobs knobs)
    {
        var file = VllmShim.Cluster(server, venv: VllmShim.Write(server.Folder, before: before));
        await using var cluster = Cluster.Create($"{Guid.NewGuid()}", file, [], new("", []));
        var verdict = await cluster.PreflightAsync(knobs, cancellation: TestContext.Current.CancellationToken);
        var runs = Path.Combine(server.State, "runs");
        var pids = Directory.GetDirectories(runs).Select(run => int.Parse(File.ReadAllText(Path.Combine(run, "process")).Split(' ')[0]));
        Assert.DoesNotContain(pids, RunningOnMachines.IsAlive);
        return verdict;
    }
}
