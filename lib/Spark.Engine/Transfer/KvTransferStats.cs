namespace Spark.Engine;

/// <summary>What one pull of KV from another engine took, for vLLM's <c>nixl_*</c> metrics.</summary>
/// <param name="Transfer">From the start to the last byte.</param>
/// <param name="Post">What of that was connecting and, the first time, the handshake.</param>
/// <param name="Descriptors">KV blocks copied, each one contiguous piece.</param>
/// <param name="Succeeded">Whether the KV is here and was valid until the last byte.</param>
/// <param name="NotificationFailed">Whether the remote engine could not be told that its blocks are free.</param>
public sealed record KvTransferStats(TimeSpan Transfer, TimeSpan Post, long Bytes, int Descriptors, bool Succeeded, bool NotificationFailed);
