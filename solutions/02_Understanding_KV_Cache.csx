// %% exercise-1
// Layers × a key and a value × KV heads × head size × bytes a value, as its config.json has them.
Check.KvPerToken(ModelShape.Named("Llama-3.1-70B"), answer: 80 * 2 * 8 * 128 * 2)

// %% exercise-1 mistake
// With all 64 heads: queries are not kept.
Check.KvPerToken(ModelShape.Named("Llama-3.1-70B"), answer: 80 * 2 * 64 * 128 * 2)

// %% exercise-2
// All bytes of the prompt's KV in the time of its prefill.
var kv = 4096 * h100.Shape.KvBytesPerToken.Bytes;
var even = kv / h100.Prefill(4096).TotalSeconds / 1e9;   // GB/s
Check.BreakEven(h100, 4096, answer: even)

// %% exercise-2 mistake
// In Gbit/s, as networks are sold.
Check.BreakEven(h100, 4096, answer: 8 * even)

// %% exercise-3
// 16 tokens of 131,072 bytes; the latency once, then every byte at the bandwidth.
var llama = ModelShape.Named("Llama-3.1-8B");
var streams = links[1]["TCP 4 streams"];
var moving = 1e6 * 16 * 131_072 / streams.PeakBytesPerSecond;   // µs
Check.TransferTime(links[1]["TCP 4 streams"], llama.KvBytesInBlocks(1), answer:
    streams.Latency.TotalMicroseconds + moving)

// %% exercise-3 mistake
// Bytes and bits mixed up.
Check.TransferTime(links[1]["TCP 4 streams"], llama.KvBytesInBlocks(1), answer:
    streams.Latency.TotalMicroseconds + (8 * moving))
