using Spark.Notebooks;

namespace Spark.Benchmarks;

/// <summary>The engine's heart and another engine's, with the same weights, in turns on the same core.</summary>
static class PeersSection
{
    public const string Name = "peers";
    const int PromptTokens = 512, OutputTokens = 128, BatchPromptTokens = 128, BatchOutputTokens = 64;

    public static IEnumerable<Row> Run(SectionOptions options)
    {
        EngineUnderTest.Pin(options.Core);   // what this thread starts inherits it
        return options.Peers.Gguf.SelectMany(gguf => Run(options, gguf));
    }

    static IEnumerable<Row> Run(SectionOptions options, string gguf)
    {
        var peer = new Peer(options.Peers, gguf);
        var shape = ModelShape.FromConfig(options.Model);
        // Some count an embedding table that is the output too as two.
        if (peer.Parameters != shape.Parameters && peer.Parameters != shape.Parameters + ((long)shape.Vocab * shape.Hidden))
            throw new InvalidOperationException($"{gguf} has {peer.Parameters:N0} parameters and {options.Model} {shape.Parameters:N0}. Write it anew: gguf --model {options.Model} --out {gguf}");
        var float32 = peer.ModelType.EndsWith("all F32", StringComparison.Ordinal);
        if (!float32 && !peer.ModelType.EndsWith(" BF16", StringComparison.Ordinal))
            throw new InvalidOperationException($"{gguf} is of type '{peer.ModelType}', and this engine computes with bf16 and fp32. Write it anew: gguf --model {options.Model} --out {gguf}");
        var reaches = PeerReaches.Of(peer.Family);
        using var engine = new EngineUnderTest(options.Model, float32);

        if (float32)
        {
            yield return Decode("fp32", reaches.DecodeFloat32);
            yield break;
        }
        yield return Compare($"prefill, {PromptTokens} tokens, bf16", () => Mean(() => PromptTokens / engine.Run.Prefill(PromptTokens)), () => peer.Prefill(PromptTokens), reaches.Prefill);
        yield return Decode("bf16", reaches.Decode);
        if (options.Peers.LlamaBatchedBench is null)
            yield break;
        foreach (var (batch, reach) in new[] { (8, reaches.Decode8), (16, reaches.Decode16) })
            yield return Compare($"decode, {batch} sequences, bf16",
                () => engine.Run.Decode(batch, BatchPromptTokens, BatchOutputTokens + 1), () => peer.Decode(batch, BatchPromptTokens, BatchOutputTokens), reach);

        // A prompt's last token gives the first token of the answer: one more than is decoded.
        Row Decode(string weights, Reach? reach) => Compare($"decode, 1 sequence, {weights}", () => Mean(() => engine.Run.Decode(1, 1, OutputTokens + 1)), () => peer.Decode(OutputTokens), reach);

        Row Compare(string name, Func<double> own, Func<double> theirs, Reach? reach) => Row.Measure($"peer: {name}", "tok/s", options.Repeats, () => new(own(), theirs()), peer.Name, reach);
    }

    static double Mean(Func<double> measure) => Enumerable.Range(0, Peer.Runs).Average(_ => measure());
}
