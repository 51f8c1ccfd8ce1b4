namespace Spark.Notebooks;

/// <summary>Prompts of exact token counts, cut from a text with the target's own tokenizer: each starts elsewhere and wraps around at the end.</summary>
internal sealed class PromptText
{
    // vLLM's default block: prompts whose first block differs share nothing in the prefix cache.
    const int BlockSize = 16;

    readonly int[] prefix;
    readonly int[] text;
    readonly int[] offsets;
    readonly HashSet<string> starts = [];
    int next;

    /// <param name="prefix">What the tokenizer puts before a prompt, such as a begin-of-text token.</param>
    /// <param name="text">The text's tokens.</param>
    /// <param name="seed">Chooses the order of the offsets.</param>
    public PromptText(IReadOnlyList<int> prefix, IReadOnlyList<int> text, int seed)
    {
        (this.prefix, this.text) = ([.. prefix], [.. text]);
        offsets = [.. Enumerable.Range(0, text.Count)];
        new Random(seed).Shuffle(offsets);
    }

    /// <summary>Reads <c>data/prompts/tales.txt</c>.</summary>
    public static async Task<PromptText> LoadAsync(LoadTarget target, int seed, CancellationToken cancellation)
    {
        var text = await File.ReadAllTextAsync(RepositoryRoot.Combine("data/prompts/tales.txt"), cancellation);
        using var client = new EngineClient(target.Engines[0].Node, target.Engines[0].Address);
        var bare = await client.TokenizeAsync(target.Model, text, addSpecialTokens: false, cancellation);
        var whole = await client.TokenizeAsync(target.Model, text, addSpecialTokens: true, cancellation);
        return new([.. whole.Take(whole.Count - bare.Count)], bare, seed);
    }

    /// <exception cref="InvalidOperationException">The text has no start left that differs from the earlier ones.</exception>
    public IReadOnlyList<int> Next(int promptTokens)
    {
        while (next < offsets.Length)
        {
            var offset = offsets[next++];
            if (starts.Add(string.Join(' ', From(offset).Take(BlockSize - prefix.Length))))
                return [.. prefix.Concat(From(offset)).Take(promptTokens)];
        }

        throw new InvalidOperationException($"A text of {text.Length} tokens has only {starts.Count} different beginnings of a block; this workload asks for more prompts than that.");
    }

    IEnumerable<int> From(int offset)
    {
        for (var i = offset; ; i = (i + 1) % text.Length)
            yield return text[i];
    }
}
