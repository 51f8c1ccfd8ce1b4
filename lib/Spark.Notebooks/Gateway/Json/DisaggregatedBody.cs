namespace Spark.Notebooks;

/// <summary>The client's body as each leg gets it (vLLM's toy_proxy_server.py and llm-d's sidecar); everything else in it stays as it is, byte for byte.</summary>
internal static class DisaggregatedBody
{
    const string KvTransferParams = "kv_transfer_params";
    const string MaxCompletionTokens = "max_completion_tokens";

    // Of an output of one token, vLLM refuses stream options and a larger minimum.
    static readonly string[] OutputFields = ["stream", "stream_options", "max_tokens", MaxCompletionTokens, "min_tokens", "min_completion_tokens", KvTransferParams];

    /// <summary>One token, not streamed since only a whole answer carries the parameters, and the blocks to be held for a decode instance.</summary>
    public static ReadOnlyMemory<byte> Prefill(JsonMembers body) => OneToken(body,
        """{"do_remote_decode":true,"do_remote_prefill":false,"remote_engine_id":null,"remote_block_ids":null,"remote_host":null,"remote_port":null}"""u8);

    /// <summary>What the client asked for, over the blocks that are held.</summary>
    public static ReadOnlyMemory<byte> Decode(JsonMembers body, ReadOnlySpan<byte> held) => body.Rewrite(name => name != KvTransferParams, [.. "\"kv_transfer_params\":"u8, .. held]);

    /// <summary>One token, so that the decode instance pulls the blocks and the prefill instance is rid of them.</summary>
    public static ReadOnlyMemory<byte> Release(JsonMembers body, ReadOnlySpan<byte> held) => OneToken(body, held);

    static ReadOnlyMemory<byte> OneToken(JsonMembers body, ReadOnlySpan<byte> parameters) => body.Rewrite(name => !OutputFields.Contains(name),
    [
        .. "\"stream\":false,\"max_tokens\":1,"u8,
        .. body.Has(MaxCompletionTokens) ? "\"max_completion_tokens\":1,"u8 : default,
        .. "\"kv_transfer_params\":"u8,
        .. parameters,
    ]);
}
