namespace Spark.Notebooks;

/// <summary>What vLLM logged of its KV cache at start: the memory it had, and the tokens that this came to.</summary>
public sealed record RecordedKvCache(ByteSize Available, int Tokens, Provenance Provenance);
