using System.Globalization;
using Spark.Notebooks;

namespace Spark.Benchmarks;

/// <summary><c>what-if</c>: a page on larger fleets, every number of which is computed here by the predictor.</summary>
static class WhatIfPage
{
    const int Nodes = 8, Prompt = 2048, OutputTokens = 256;
    const double DeviceBytes = 80e9, MemoryShare = 0.9;

    static readonly (int Prompt, int Output)[] Loads = [(512, 512), (2048, 256), (8192, 256), (8192, 32)];
    static readonly double[] GigabitsPerSecond = [1, 10, 25, 100, 400];
    static readonly string[] Models = ["Llama-3.1-8B", "Qwen3-8B", "Mistral-7B-v0.1", "Llama-2-7B"];
    static readonly TimeSpan ItlLimit = TimeSpan.FromMilliseconds(25);

    public static void Print()
    {
        var gpu = Recorded.H100();
        var h100 = RecordedPredictions.CalibratedH100(gpu);
        var errors = RecordedPredictions.H100();
        Say($$"""
            # What if: larger fleets, predicted

            **Every number on this page is predicted, none is measured.** `dotnet run -c Release --project tests/Spark.Benchmarks -- what-if` computes the page. A node is one H100 by its recorded ceilings
            ({{gpu.Roofline.FlopPerSecond / 1e12:0}} TFLOP/s, {{gpu.Roofline.BytesPerSecond / 1e9:0}} GB/s) and the shares of them that three recorded steps reach ({{h100.ComputeShare:P0}} computing, {{h100.WeightShare:P0}} reading weights,
            {{h100.KvShare:P0}} reading KV). On the recorded steps that were not used for that, the median error is {{errors.MedianCalibratedError:P1}}; for fleets, queues and other models nobody has measured it.
            ITL is to stay within {{ItlLimit.TotalMilliseconds:0}} ms, and KV has what the weights leave of {{MemoryShare:P0}} of {{DeviceBytes / 1e9:0}} GB. There are no queues: arrivals are even.

            ## Which P:D ratio? {{Nodes}} nodes, {{h100.Shape.Name}}

            Requests a second by split, and what binds: P the prefill nodes, D the decode nodes.

            | prompt + output tokens | {{Join(Splits, p => $"{p}P{Nodes - p}D")}} | best | the worst split gives of it | KV sent by a prefill node at work |
            |---|{{string.Concat(Splits.Select(_ => "---|"))}}---|---|---|
            """);
        foreach (var (prompt, output) in Loads)
        {
            var fleet = new Fleet(h100, prompt, output, ItlLimit);
            var kv = KvBytes(h100.Shape);
            var best = Splits.MaxBy(p => fleet.Throughput(p, Nodes - p, kv));
            Say($"| {prompt} + {output} | {Join(Splits, p => Bound(fleet, p, kv))} | {best}P{Nodes - best}D | {Splits.Min(p => fleet.Throughput(p, Nodes - p, kv)) / fleet.Throughput(best, Nodes - best, kv):P0} | {fleet.LinkBytesPerSecond * 8 / 1e9:0.0} Gbit/s |");
        }
        Say($$"""

            ## How fast a link? TTFT of a prompt of {{Prompt}} tokens

            Computing, moving and the first step in ms, with the transfer's share. Moving after computing, as the pull protocol does; 10 µs of latency.

            | model | KV | {{Join(GigabitsPerSecond, rate => $"{rate} Gbit/s")}} | break-even with computing again |
            |---|---|{{string.Concat(GigabitsPerSecond.Select(_ => "---|"))}}---|
            """);
        foreach (var model in Models)
        {
            var node = h100 with { Shape = ModelShape.Named(model) };
            var fleet = new Fleet(node, Prompt, OutputTokens, ItlLimit);
            var bytes = node.Shape.KvBytesInBlocks(Prompt).Bytes;
            Say($"| {model} | {bytes / 1e6:0} MB | {Join(GigabitsPerSecond, rate => Ttft(fleet.Ttft(Link.Of($"{rate} Gbit/s", TimeSpan.FromMicroseconds(10), rate * 1e9 / 8))))} | {bytes * 8 / 1e9 / node.Prefill(Prompt).TotalSeconds:0.0} Gbit/s |");
        }
        Say($$"""

            ## Which model? {{Nodes}} nodes, prompts of {{Prompt}} tokens, answers of {{OutputTokens}}

            | model | sequences a decode node holds at the ITL limit | requests/s of a prefill node | of a decode node | best split | requests/s |
            |---|---|---|---|---|---|
            """);
        foreach (var model in Models)
        {
            var node = h100 with { Shape = ModelShape.Named(model) };
            var fleet = new Fleet(node, Prompt, OutputTokens, ItlLimit);
            var kv = KvBytes(node.Shape);
            var best = Splits.MaxBy(p => fleet.Throughput(p, Nodes - p, kv));
            Say($"| {model} | {fleet.Batch(kv)} | {fleet.PrefillRate:0.0} | {fleet.DecodeRate(kv):0.0} | {best}P{Nodes - best}D | {fleet.Throughput(best, Nodes - best, kv):0} |");
        }
    }

    static IEnumerable<int> Splits => Enumerable.Range(1, Nodes - 1);

    static double KvBytes(ModelShape shape) => MemoryShare * DeviceBytes - shape.WeightBytes.Bytes;

    static string Bound(Fleet fleet, int prefillNodes, double kv) => Invariant(
        $"{fleet.Throughput(prefillNodes, Nodes - prefillNodes, kv):0} {(prefillNodes * fleet.PrefillRate < (Nodes - prefillNodes) * fleet.DecodeRate(kv) ? 'P' : 'D')}");

    static string Ttft(TtftParts parts) => Invariant($"{parts.Total.TotalMilliseconds:0} ({parts.TransferShare:P0})");

    static string Join<T>(IEnumerable<T> values, Func<T, string> show) => string.Join(" | ", values.Select(show));

    static void Say(FormattableString text) => Console.WriteLine(Invariant(text));

    static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
