using System.Diagnostics;
using Spark.Engine;

var options = new EngineOptions { Model = args[0], DummyWeights = args.Length > 1 && args[1] == "dummy" };
using var model = LoadedModel.Load(options, new EngineLog(Console.Out, TimeProvider.System));
var flops = Ceilings.FlopsPerSecond();
Console.WriteLine($"fma {flops / 1e9:F0} GFLOP/s; read {Ceilings.BytesPerSecond(model.WeightBytes) / 1e9:F1} GB/s over {model.WeightBytes / 1e6:F1} MB");
var capacity = KvCapacity.Of(options, model.Layout, model.Limits.MaxModelLen, model.WeightBytes, model.Llama.ActivationBytes);
using var engine = new Engine(model, capacity, options with { EnablePrefixCaching = false }, TimeProvider.System);
var random = new Random(1);
double Prefill(int n)
{
    var prompt = Enumerable.Range(0, n).Select(_ => random.Next(4000)).ToArray();
    engine.Add(new EngineRequest("p", prompt, new SamplingParams { Temperature = 0, MaxTokens = 1 }));
    var t = Stopwatch.GetTimestamp();
    while (engine.HasWork) engine.Step();
    return Stopwatch.GetElapsedTime(t).TotalSeconds;
}
double Decode(int batch, int context, int steps)
{
    for (var i = 0; i < batch; i++)
        engine.Add(new EngineRequest($"d{i}", Enumerable.Range(0, context).Select(_ => random.Next(4000)).ToArray(), new SamplingParams { Temperature = 0, MaxTokens = steps + 8, IgnoreEos = true }));
    while (engine.Step().Count < batch) { }
    for (var i = 0; i < 4; i++) engine.Step();
    var t = Stopwatch.GetTimestamp();
    for (var i = 0; i < steps; i++) engine.Step();
    var s = Stopwatch.GetElapsedTime(t).TotalSeconds / steps;
    while (engine.HasWork) engine.Step();
    return s;
}
foreach (var n in new[] { 16, 128, 512, 1536 })
{
    var best = Enumerable.Range(0, 5).Min(_ => Prefill(n));
    Console.WriteLine($"prefill {n}: {best * 1e3:F2} ms, {n / best:F0} tok/s");
}
foreach (var (b, c) in new[] { (1, 16), (1, 512), (1, 1500), (2, 128), (4, 128), (8, 128), (16, 128) })
{
    var best = Enumerable.Range(0, 3).Min(_ => Decode(b, c, 100));
    Console.WriteLine($"decode batch {b} context {c}: {best * 1e3:F3} ms/step, {b / best:F0} tok/s");
}
return 0;
