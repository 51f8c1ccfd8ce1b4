namespace Spark.Engine;

/// <summary>How the KV cache stores a value; <c>--kv-cache-dtype auto</c> is bfloat16, as for bf16 models in vLLM.</summary>
public enum KvDtype
{
    BFloat16,
    Float32,
}
