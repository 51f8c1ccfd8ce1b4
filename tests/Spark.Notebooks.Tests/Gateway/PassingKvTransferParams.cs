using System.Text;
using CsCheck;
using Microsoft.AspNetCore.Http;

namespace Spark.Notebooks.Tests;

public class PassingKvTransferParams
{
    static readonly Gen<string> Space = OneOf("", " ", "\n", "\t ", "  ");
    static readonly Gen<string> Scalar = OneOf("null", "true", "false", "0", "-0.0", "1.50", "1E400", "12345678901234567890123", "\"\"", "\"caf\\u00e9 🦊\"", "\"\\ud83e\\udd8a\\/\"", "\"a\\\"}],{b\"");

    static Gen<string> Json(int depth) => depth == 0 ? Scalar : Gen.OneOf(Scalar, Object(depth - 1), from items in Json(depth - 1).Array[0, 4] from space in Space select $"[{space}{string.Join($"{space},", items)}{space}]");

    static Gen<string> Object(int depth, string? more = null) =>
        from members in Gen.Select(Gen.Int[0, 20], Json(depth)).Array[0, 5]
        from before in Space
        from after in Space
        select $"{{{before}{string.Join($"{after},{before}", members.Select(member => $"\"k{member.Item1}\"{after}:{before}{member.Item2}").Append(more).OfType<string>())}{after}}}";

    static readonly Gen<string> Blocks = OneOf("[12, 13,14]", "[[1,2],[ 3 ]]", "[0]");

    static Gen<string> OneOf(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(i => texts[i]);

    [Fact]
    public async Task Whatever_the_prefill_instance_says_reaches_the_decode_instance_byte_for_byte()
    {
        var (held, prefillGot, decodeGot) = ("", "", "");
        await using var prefill = await StubServer.StartAsync(async http =>
        {
            prefillGot = await TextAsync(http.Request.Body);
            http.Response.ContentType = "application/json";
            await http.Response.WriteAsync($"{{\"id\":\"x\" , \"kv_transfer_params\" :\n{held} ,\"usage\":{{\"prompt_tokens\":7}}}}");
        });
        await using var decode = await StubServer.StartAsync(async http => decodeGot = await TextAsync(http.Request.Body));
        await using var gateway = await Gateway.StartAsync(Quiet.Options(new Backend("node-1", decode.Address)) with { Prefill = [new("node-0", prefill.Address)] });
        using var client = new GatewayClient(gateway.Address);

        await Gen.Select(Blocks.SelectMany(blocks => Object(3, $"\"remote_block_ids\": {blocks}")), Object(2, "\"prompt\":\"x\"")).SampleAsync(async (parameters, body) =>
        {
            held = parameters;
            await client.AskAsync(body);
            var members = body[1..^1].Trim();
            Assert.EndsWith($"\"kv_transfer_params\":{parameters}}}", decodeGot);
            Assert.Equal(Squeezed(members), Squeezed(decodeGot[1..decodeGot.LastIndexOf(",\"kv_transfer_params\":" + parameters, StringComparison.Ordinal)]));
            Assert.EndsWith("""
                "stream":false,"max_tokens":1,"kv_transfer_params":{"do_remote_decode":true,"do_remote_prefill":false,"remote_engine_id":null,"remote_block_ids":null,"remote_host":null,"remote_port":null}}
                """, prefillGot);
        }, iter: 300, threads: 1);
        Assert.All(gateway.Routed, routed => Assert.Null(routed.Fallback ?? routed.Bypass));
    }

    [Theory]
    [InlineData("completions", "\"max_tokens\":9,\"stream\":true,\"stream_options\":{\"include_usage\":true},\"min_tokens\":3,", "\"stream\":false,\"max_tokens\":1,")]
    [InlineData("chat/completions", "\"max_completion_tokens\":9,\"min_completion_tokens\":2,", "\"stream\":false,\"max_tokens\":1,\"max_completion_tokens\":1,")]
    public async Task The_prefill_leg_asks_for_one_token_and_the_decode_leg_for_what_the_client_did(string path, string output, string oneToken)
    {
        await using var prefill = await Vllm013.StartAsync();
        await using var decode = await Vllm013.StartAsync();
        await using var gateway = await Gateway.StartAsync(Quiet.Disaggregated(prefill, decode));
        using var client = new GatewayClient(gateway.Address);
        await client.AskAsync($$"""{{{output}}"prompt":"a fox","messages":[],"temperature":0.70}""", $"v1/{path}", id: "both", authorization: "Bearer mine");

        var (asked, answered) = (prefill.Requests.Single(), decode.Requests.Single());
        Assert.StartsWith($$"""{"prompt":"a fox","messages":[],"temperature":0.70,{{oneToken}}"kv_transfer_params":{"do_remote_decode":true,""", asked.Body);
        Assert.StartsWith($$"""{{{output}}"prompt":"a fox","messages":[],"temperature":0.70,"kv_transfer_params":{"do_remote_prefill": true, "do_remote_decode": false, "remote_block_ids": [0""", answered.Body);
        Assert.All([asked, answered], request => Assert.Equal(("both", "Bearer mine"), (request.RequestId, request.Authorization)));
    }

    // White space between members is nobody's.
    static string Squeezed(string members) => string.Concat(members.Where(letter => !char.IsWhiteSpace(letter)));

    static async Task<string> TextAsync(Stream body)
    {
        using var reader = new StreamReader(body, Encoding.UTF8);
        return await reader.ReadToEndAsync();
    }
}
