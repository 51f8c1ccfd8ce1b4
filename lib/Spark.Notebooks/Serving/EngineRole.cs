namespace Spark.Notebooks;

/// <summary>Which part of a request an engine computes.</summary>
public enum EngineRole
{
    /// <summary>Whole requests, prefill and decode.</summary>
    Both,

    /// <summary>Prompts, whose KV blocks it then hands out.</summary>
    Prefill,

    /// <summary>Answers, from KV blocks that it pulls.</summary>
    Decode,
}
