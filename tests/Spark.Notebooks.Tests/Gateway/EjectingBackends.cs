using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace Spark.Notebooks.Tests;

public class EjectingBackends
{
    static readonly GatewayOptions Options = new() { Backends = [], FailuresToEject = 3, EjectionPeriod = TimeSpan.FromSeconds(1), MaxEjectionPeriod = TimeSpan.FromSeconds(6) };

    readonly FakeTimeProvider clock = new();

    [Fact]
    public void Failures_in_a_row_eject_and_a_success_between_them_does_not()
    {
        var health = new BackendHealth(Options, clock);
        foreach (var end in new[] { LegEnd.Failed, LegEnd.Failed, LegEnd.Served, LegEnd.Failed, LegEnd.Abandoned, LegEnd.Failed })
            health.LegEnded(end, "500");
        Assert.False(health.IsEjected);
        health.LegEnded(LegEnd.Failed, "500");
        Assert.Equal((true, 1L, "500"), (health.IsEjected, health.Ejections, health.LastError));
        health.LegEnded(LegEnd.Failed, "late news");
        Assert.Equal(1, health.Ejections);
    }

    [Fact]
    public void One_that_cannot_be_reached_is_ejected_at_once_by_a_leg_or_a_probe()
    {
        BackendHealth asked = new(Options, clock), probed = new(Options, clock);
        asked.LegEnded(LegEnd.Unreachable, "refused");
        probed.Probed("refused", unreachable: true);
        Assert.True(asked.IsEjected && probed.IsEjected);
    }

    [Fact]
    public void It_returns_with_the_first_good_probe_after_a_period_that_doubles_up_to_a_limit()
    {
        var health = new BackendHealth(Options, clock);
        foreach (var seconds in new[] { 1, 2, 4, 6, 6 })
        {
            health.LegEnded(LegEnd.Unreachable, "refused");
            clock.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromMilliseconds(1));
            health.Probed(null);
            Assert.True(health.IsEjected);
            clock.Advance(TimeSpan.FromMilliseconds(1));
            Assert.True(health.IsEjected);
            health.Probed(null);
            Assert.False(health.IsEjected);
        }

        health.LegEnded(LegEnd.Served, null);
        health.LegEnded(LegEnd.Unreachable, "refused");
        clock.Advance(TimeSpan.FromSeconds(1));
        health.Probed(null);
        Assert.False(health.IsEjected);
    }

    [Fact]
    public async Task Probes_notice_that_a_backend_is_gone_and_that_it_is_back_without_a_request()
    {
        var port = StubServer.Nowhere().Port;
        await using var other = await Vllm013.StartAsync();
        var vllm = await Vllm013.StartAsync(port);
        await using var gateway = await Gateway.StartAsync(new() { Backends = [vllm.As("node-0"), other.As("node-1")], HealthInterval = TimeSpan.FromMilliseconds(20), EjectionPeriod = TimeSpan.FromMilliseconds(20) });
        using var client = new GatewayClient(gateway.Address);
        await vllm.DisposeAsync();
        await Eventually.TrueAsync(() => gateway.Snapshot().Backends[0].Ejected, "the backend is ejected");
        for (var i = 0; i < 4; i++)
            Assert.Equal("node-1", GatewayClient.Header((await client.AskAsync(GatewayClient.Body())).Response, "X-Spark-Backend"));
        Assert.All(gateway.Routed, routed => Assert.Single(routed.Legs));

        await using var back = await Vllm013.StartAsync(port);
        await Eventually.TrueAsync(() => !gateway.Snapshot().Backends[0].Ejected, "the backend has returned");
        await client.AskAsync(GatewayClient.Body());
        await client.AskAsync(GatewayClient.Body());
        Assert.Single(back.Requests);
        Assert.Equal((1L, 0L), (gateway.Snapshot().Backends[0].Ejections, gateway.Snapshot().Backends[1].Ejections));
    }

    [Fact]
    public async Task A_frozen_backend_is_noticed_by_its_silence()
    {
        await using var frozen = await StubServer.StartAsync(http => Task.Delay(Timeout.Infinite, http.RequestAborted));
        await using var gateway = await Gateway.StartAsync(new() { Backends = [new("node-0", frozen.Address)], HealthInterval = TimeSpan.FromMilliseconds(20), HealthDeadline = TimeSpan.FromMilliseconds(50) });
        using var client = new GatewayClient(gateway.Address);
        await Eventually.TrueAsync(() => gateway.Snapshot().Backends[0].Ejected, "the backend is ejected");
        var (response, body) = await client.AskAsync(GatewayClient.Body());
        Assert.Contains("/health: no answer within 0.05 s", GatewayClient.ErrorMessage(response, body));
    }

    [Fact]
    public async Task Errors_of_the_server_eject_it_and_errors_of_clients_do_not()
    {
        var status = 400;
        await using var backend = await StubServer.StartAsync(http =>
        {
            http.Response.StatusCode = status;
            return http.Response.WriteAsync("{}");
        });
        await using var gateway = await Gateway.StartAsync(Quiet.Options(new Backend("node-0", backend.Address)));
        using var client = new GatewayClient(gateway.Address);
        for (var i = 0; i < 5; i++)
            await client.AskAsync("{}");
        Assert.False(gateway.Snapshot().Backends[0].Ejected);
        status = 500;
        for (var i = 0; i < 3; i++)
            Assert.Equal(500, (int)(await client.AskAsync("{}")).Response.StatusCode);
        await Eventually.TrueAsync(() => gateway.Snapshot().Backends[0].Ejected, "the backend is ejected");
        Assert.Equal(503, (int)(await client.AskAsync("{}")).Response.StatusCode);
    }
}
