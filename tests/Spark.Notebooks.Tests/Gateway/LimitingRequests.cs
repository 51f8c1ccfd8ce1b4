using System.Net;

namespace Spark.Notebooks.Tests;

public class LimitingRequests
{
    [Fact]
    public async Task Beyond_the_limit_a_client_is_told_to_retry_and_then_served()
    {
        using var turns = new SemaphoreSlim(0);
        await using var vllm = await Vllm013.StartAsync();
        vllm.BeforeToken = (http, i) => i == Vllm013.BeforeAnswer ? turns.WaitAsync(http.RequestAborted) : Task.CompletedTask;
        await using var gateway = await Gateway.StartAsync(Quiet.Options(vllm.As("node-0")) with { MaxInFlight = 2 });
        using var client = new GatewayClient(gateway.Address);
        Task<string>[] served = [client.StreamedTextAsync(GatewayClient.Body()), client.StreamedTextAsync(GatewayClient.Body())];
        await Eventually.TrueAsync(() => vllm.Requests.Count == 2, "both are at work");

        var (response, body) = await client.AskAsync(GatewayClient.Body());
        Assert.Equal((HttpStatusCode.TooManyRequests, "1"), (response.StatusCode, GatewayClient.Header(response, "Retry-After")));
        Assert.Equal("2 requests are in flight, which is this gateway's limit. Retry after 1 s.", GatewayClient.ErrorMessage(response, body));
        Assert.Equal((2, 1L, RoutedOutcome.Rejected), (gateway.Snapshot().InFlight, gateway.Snapshot().Rejected, gateway.Routed.Single().Outcome));
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("v1/models")).StatusCode);

        turns.Release(3);
        await Task.WhenAll(served);
        await Eventually.TrueAsync(() => gateway.Snapshot().InFlight == 0, "nothing is in flight");
        Assert.Equal(Vllm013.Text(40, 4), await client.StreamedTextAsync(GatewayClient.Body()));
        Assert.Equal(2, vllm.Requests.Count - 1);
    }

    [Fact]
    public async Task Two_thousand_streams_are_split_and_served_at_once()
    {
        const int Streams = 2_000;
        // Three sockets a request at the gateway; the clients and both instances have their ends of them in this process too.
        Assert.SkipWhen(OpenFileLimit.Read() < Streams * 6, $"This process may open {OpenFileLimit.Read()} files.");
        var streaming = 0;
        TaskCompletionSource all = new(), counted = new();
        await using Vllm013 prefill = await Vllm013.StartAsync(), decode = await Vllm013.StartAsync();
        decode.BeforeToken = (_, i) =>
        {
            if (i != 1)
                return Task.CompletedTask;
            if (Interlocked.Increment(ref streaming) == Streams)
                all.SetResult();
            return counted.Task;
        };
        await using var gateway = await Gateway.StartAsync(Quiet.Disaggregated(prefill, decode));
        using var client = new GatewayClient(gateway.Address);
        var body = GatewayClient.Body(24, 3);
        var texts = Task.WhenAll(Enumerable.Range(0, Streams).Select(_ => client.StreamedTextAsync(body)));
        await all.Task.WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal((Streams, Streams), (gateway.Snapshot().InFlight, gateway.Snapshot().Backends[1].InFlight));

        counted.SetResult();
        Assert.All(await texts, text => Assert.Equal(Vllm013.Text(24, 3), text));
        await Eventually.TrueAsync(() => gateway.Snapshot().InFlight == 0, "nothing is in flight");
        Assert.Equal((Streams, 0, 0), (decode.Pulls, prefill.HeldBlocks, gateway.Snapshot().Fallbacks.Count));
        Assert.All(gateway.Routed, routed => Assert.Equal(RoutedOutcome.Completed, routed.Outcome));
    }

    [Theory]
    [InlineData("Max open files            1024                 1048576              files     ", 1024, 256)]
    [InlineData("Max open files            unlimited            unlimited            files     ", null, int.MaxValue)]
    [InlineData("Max cpu time              unlimited            unlimited            seconds   ", null, int.MaxValue)]
    [InlineData("Max open files            64                   64                   files     ", 64, 1)]
    public void The_limit_follows_from_the_files_that_the_process_may_open(string limits, int? files, int maxInFlight)
    {
        Assert.Equal(files, OpenFileLimit.Parse(["Limit                     Soft Limit           Hard Limit           Units     ", limits]));
        Assert.Equal(maxInFlight, OpenFileLimit.MaxInFlight(files));
    }

    [Fact]
    public async Task A_limit_that_the_open_files_do_not_allow_is_warned_of()
    {
        var backend = new Backend("node-0", StubServer.Nowhere());
        await using var fits = await Gateway.StartAsync(Quiet.Options(backend));
        Assert.Empty(fits.Warnings);
        Assert.Equal(OpenFileLimit.MaxInFlight(OpenFileLimit.Read()), fits.MaxInFlight);
        Assert.SkipWhen(OpenFileLimit.Read() is null, "Nothing limits open files here.");
        await using var tooMany = await Gateway.StartAsync(Quiet.Options(backend) with { MaxInFlight = int.MaxValue });
        Assert.Contains($"this process may open {OpenFileLimit.Read()}. Lower MaxInFlight to {fits.MaxInFlight}, or raise the hard limit", tooMany.Warnings.Single());
    }

    [Fact]
    public async Task A_process_of_NET_has_raised_a_low_soft_limit_to_the_hard_one()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Read from /proc.");
        var program = FakeEngine.Executable("mute");
        await using var process = OwnedProcess.Start("/bin/sh", ["-c", "ulimit -Sn 256 && exec \"$0\" \"$@\"", program.FileName, .. program.LeadingArguments, "serve", "--port", "0", "--served-model-name", "a"], Path.GetTempFileName());
        await Eventually.TrueAsync(() => process.Log.Lines.Count == 2, "the process is up");
        Assert.Equal(OpenFileLimit.Read(), OpenFileLimit.Parse(File.ReadLines($"/proc/{process.Id}/limits")));
        Assert.True(OpenFileLimit.Read() is null or > 256);
        process.Log.Delete();
    }
}
