using System.Text;
using System.Text.Json.Nodes;

namespace Spark.Notebooks;

/// <summary>
/// One request through a disaggregated pair step by step, as the gateway sends it (NixlConnector's protocol): the prefill leg whose answer names the blocks it holds,
/// and the decode leg that is handed those names, pulls the blocks and answers.
/// </summary>
public sealed partial record ProtocolWalk(ProtocolLeg Prefill, ProtocolLeg Decode, ModelShape Shape) : Display
{
    const int BlockTokens = 16;

    /// <summary>Ids of the KV blocks that the prefill engine held for the decode engine.</summary>
    public IReadOnlyList<int> BlockIds => [.. Held["remote_block_ids"]!.AsArray().SelectMany(Numbers)];

    public int PromptTokens => (int)Prefill.Answer["usage"]!["prompt_tokens"]!;

    /// <summary>What the decode engine pulled, by its own count.</summary>
    public ByteSize Pulled => new(Decode.Counted.BytesTransferred);

    /// <summary>What those blocks weigh by the formula of module 02.</summary>
    public ByteSize Computed => new((long)BlockIds.Count * BlockTokens * Shape.KvBytesPerToken.Bytes);

    public TimeSpan TransferTime => Decode.Counted.TransferTime.Sum;

    JsonObject Held => Prefill.Answer["kv_transfer_params"]!.AsObject();

    /// <summary>Sends a warm-up request first, since engines that have never met exchange more than blocks.</summary>
    /// <exception cref="ArgumentException">The deployment is not disaggregated.</exception>
    /// <exception cref="HttpRequestException">A leg was refused; the message has the engine's words.</exception>
    public static async Task<ProtocolWalk> RunAsync(Deployment disaggregated, int promptTokens = 300, int outputTokens = 8, CancellationToken cancellation = default)
    {
        if (!disaggregated.Topology.IsDisaggregated)
            throw new ArgumentException($"{disaggregated.Topology} has one leg a request: walk a Topology.Disaggregated.", nameof(disaggregated));
        var workload = await Workload.FromTextAsync(disaggregated, requests: 2, promptTokens, outputTokens, cancellation: cancellation);
        using var prefill = new LegClient(disaggregated.Engines.First(engine => engine.Address.Role == EngineRole.Prefill));
        using var decode = new LegClient(disaggregated.Engines.First(engine => engine.Address.Role == EngineRole.Decode));
        await WalkAsync(workload.Requests[0]);
        return await WalkAsync(workload.Requests[1]);

        async Task<ProtocolWalk> WalkAsync(PromptRequest request)
        {
            var body = JsonMembers.Parse(Body(disaggregated.Target.Model, request))!;
            var id = $"walk-{Guid.NewGuid().ToString("N")[..8]}";
            var first = await prefill.SendAsync(DisaggregatedBody.Prefill(body), id, cancellation);
            var held = first.Answer["kv_transfer_params"]?.ToJsonString() ?? throw new InvalidOperationException($"{first.Engine.Node} answered without kv_transfer_params: it holds no blocks.");
            return new(first, await decode.SendAsync(DisaggregatedBody.Decode(body, Encoding.UTF8.GetBytes(held)), id, cancellation), disaggregated.Shape());
        }
    }

    static byte[] Body(string model, PromptRequest request) => Encoding.UTF8.GetBytes(new JsonObject
    {
        ["model"] = model,
        ["prompt"] = new JsonArray([.. request.PromptTokenIds.Select(token => JsonValue.Create(token))]),
        ["max_tokens"] = request.OutputTokens,
        ["temperature"] = 0,
        ["ignore_eos"] = true,
    }.ToJsonString());

    // vLLM names blocks a KV cache group at a time where there are several.
    static IEnumerable<int> Numbers(JsonNode? node) => node is JsonArray group ? group.SelectMany(Numbers) : [(int)node!];
}
