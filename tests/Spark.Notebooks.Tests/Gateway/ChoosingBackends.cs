using CsCheck;

namespace Spark.Notebooks.Tests;

public class ChoosingBackends
{
    static readonly Gen<int[]> Loads = Gen.Int[0, 9].Array[1, 6];

    [Fact]
    public void Round_robin_gives_each_its_turn() => Gen.Int[1, 6].Sample(count =>
    {
        var policy = new RoundRobin();
        var chosen = Enumerable.Range(0, count * 3).Select(_ => policy.Choose(new int[count]));
        Assert.Equal(Enumerable.Range(0, count * 3).Select(i => i % count), chosen);
    });

    [Fact]
    public void Least_requests_chooses_a_minimum_and_lets_equals_take_turns()
    {
        var policy = new LeastRequests();
        Loads.Sample(inFlight => inFlight[policy.Choose(inFlight)] == inFlight.Min(), threads: 1);
        Assert.Equal([0, 1, 2], Enumerable.Range(0, 3).Select(_ => policy.Choose([4, 4, 4])).Order());
    }

    [Fact]
    public void Of_two_choices_the_busiest_is_never_one_where_it_is_alone_in_being_so() => Gen.Select(Loads, Gen.Int).Sample((inFlight, seed) =>
    {
        var chosen = new PowerOfTwoChoices(new(seed)).Choose(inFlight);
        Assert.True(inFlight.Length == 1 || inFlight.Count(load => load == inFlight.Max()) > 1 || inFlight[chosen] < inFlight.Max());
    });

    [Fact]
    public void Of_two_choices_every_idle_backend_is_one_at_times()
    {
        var policy = new PowerOfTwoChoices(new(1));
        Assert.Equal([0, 1, 2, 3], Enumerable.Range(0, 200).Select(_ => policy.Choose([0, 0, 0, 0])).Distinct().Order());
    }

    [Theory]
    [InlineData("round-robin", 5, 5)]
    [InlineData("least-requests", 1, 1)]
    [InlineData("power-of-two", 0, 1)]
    public async Task A_stuck_backend_gets_no_more_requests_unless_turns_are_all_that_count(string policy, int fewest, int most)
    {
        using var stuck = new SemaphoreSlim(0);
        Vllm013[] nodes = [await Vllm013.StartAsync(), await Vllm013.StartAsync(), await Vllm013.StartAsync()];
        nodes[0].BeforeToken = (http, _) => stuck.WaitAsync(http.RequestAborted);
        await using (var gateway = await Gateway.StartAsync(Quiet.Options([.. nodes.Select((node, i) => node.As($"node-{i}"))]) with { Policy = policy }))
        {
            using var client = new GatewayClient(gateway.Address);
            List<Task> asked = [];
            for (var i = 0; i < 15; i++)
            {
                var count = asked.Count + 1;
                asked.Add(client.AskAsync(GatewayClient.Body()));
                await Eventually.TrueAsync(() => nodes.Sum(node => node.Requests.Count) == count && gateway.Snapshot().Backends.All(backend => backend.Name == "node-0" || backend.InFlight == 0), "the request is with a backend, and done unless that is node-0");
            }

            Assert.InRange(nodes[0].Requests.Count, fewest, most);
            Assert.Equal(nodes[0].Requests.Count, gateway.Snapshot().Backends[0].InFlight);
            stuck.Release(1_000);
            await Task.WhenAll(asked);
            await Eventually.TrueAsync(() => gateway.Snapshot().InFlight == 0, "nothing is in flight");
            Assert.Equal(nodes.Select(node => (long)node.Requests.Count), gateway.Snapshot().Backends.Select(backend => backend.Served));
        }

        foreach (var node in nodes)
            await node.DisposeAsync();
    }

    [Fact]
    public async Task Prefill_and_decode_instances_are_chosen_apart()
    {
        await using Vllm013 p0 = await Vllm013.StartAsync(), p1 = await Vllm013.StartAsync(), d0 = await Vllm013.StartAsync();
        await using var gateway = await Gateway.StartAsync(Quiet.Options(d0.As("d0")) with { Prefill = [p0.As("p0"), p1.As("p1")], Policy = "prefill-decode" });
        using var client = new GatewayClient(gateway.Address);
        for (var i = 0; i < 4; i++)
            await client.StreamedTextAsync(GatewayClient.Body());
        Assert.Equal((2, 2, 4), (p0.Requests.Count, p1.Requests.Count, d0.Pulls));
        Assert.All(gateway.Routed, routed => Assert.Equal("prefill-decode", routed.Policy));
    }

    public static TheoryData<GatewayOptions, string> Mistakes
    {
        get
        {
            var one = new Backend("node-0", new("http://127.0.0.1:1"));
            var good = new GatewayOptions { Backends = [one] };
            return new()
            {
                { good with { Backends = [] }, "Backends is empty: name at least one server." },
                { good with { Backends = [one, one] }, "Backends has the same name twice." },
                { good with { Backends = [one with { Address = new("ftp://x") }] }, "Backends has node-0 at ftp://x/, which is no http address." },
                { good with { Prefill = [one with { Name = "a\r\nb" }] }, "Prefill has the name \"a\r\nb\", which cannot stand in a header." },
                { good with { Policy = "prefill-decode" }, "Prefill is empty: the policy prefill-decode needs at least one prefill instance." },
                { good with { Policy = "fastest" }, "There is no policy \"fastest\". Policy is one of round-robin, least-requests, power-of-two, prefill-decode." },
                { good with { MinRemotePrefillTokens = -1 }, "MinRemotePrefillTokens is negative." },
                { good with { MaxInFlight = 0 }, "MaxInFlight must be at least 1." },
                { good with { IdleDeadline = TimeSpan.Zero }, "IdleDeadline must be over zero and under a day." },
            };
        }
    }

    [Theory, MemberData(nameof(Mistakes), DisableDiscoveryEnumeration = true)]
    public async Task A_wrong_option_is_named(GatewayOptions options, string message) =>
        Assert.StartsWith(message, (await Assert.ThrowsAsync<ArgumentException>(() => Gateway.StartAsync(options))).Message);
}
