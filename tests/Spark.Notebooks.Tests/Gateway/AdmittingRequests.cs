using System.Net;

namespace Spark.Notebooks.Tests;

public class AdmittingRequests
{
    [Fact]
    public async Task A_key_guards_what_is_under_v1()
    {
        await using var vllm = await Vllm013.StartAsync();
        await using var gateway = await Gateway.StartAsync(Quiet.Options(vllm.As("node-0")) with { ApiKey = "k" });
        using var client = new GatewayClient(gateway.Address);
        foreach (var wrong in new[] { null, "Bearer other", "k" })
        {
            var (refused, text) = await client.AskAsync(GatewayClient.Body(), authorization: wrong);
            Assert.Equal((HttpStatusCode.Unauthorized, """{"error":"Unauthorized"}"""), (refused.StatusCode, text));
        }

        Assert.Equal(HttpStatusCode.OK, (await client.AskAsync(GatewayClient.Body(), authorization: "Bearer k")).Response.StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("health")).StatusCode);
        Assert.Single(vllm.Requests);
    }

    [Fact]
    public async Task A_key_of_the_backends_is_theirs_to_ask_for()
    {
        await using var vllm = await new Vllm013 { ApiKey = "theirs" }.StartAsync(0, default);
        await using var gateway = await Gateway.StartAsync(Quiet.Options(vllm.As("node-0")));
        using var client = new GatewayClient(gateway.Address);
        Assert.Equal("""{"error":"Unauthorized"}""", (await client.AskAsync(GatewayClient.Body())).Body);
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("v1/models")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.AskAsync(GatewayClient.Body(), authorization: "Bearer theirs")).Response.StatusCode);
    }

    [Fact]
    public async Task A_body_beyond_32_MiB_is_refused_in_vLLMs_shape()
    {
        await using var vllm = await Vllm013.StartAsync();
        await using var gateway = await Gateway.StartAsync(Quiet.Options(vllm.As("node-0")));
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(gateway.Address, GatewayClient.Completions)) { Content = new ByteArrayContent(new byte[(32 << 20) + 1]), Headers = { ExpectContinue = true } };
        using var response = await client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Contains("larger than 33554432 bytes", GatewayClient.ErrorMessage(response, text));
    }
}
