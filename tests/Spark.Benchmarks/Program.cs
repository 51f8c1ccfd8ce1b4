using System.CommandLine;
using Spark.Benchmarks;

var model = new Option<string>("--model") { Description = "Model directory; a shape without weights gets random ones.", DefaultValueFactory = _ => "data/models/m14" };
var core = new Option<int>("--core") { Description = "Core of the engine that is measured." };
var otherCore = new Option<int>("--other-core") { Description = "Core of what talks to it.", DefaultValueFactory = _ => Environment.ProcessorCount - 1 };
var repeats = new Option<int>("--repeats") { Description = "Measurements a row; the table shows their median and range.", DefaultValueFactory = _ => 7 };
var only = new Option<string[]>("--only") { Description = "Sections to measure. [default: all, and peers where --llama-bench is given]", AllowMultipleArgumentsPerToken = true }.AcceptOnlyFromAmong(Sections.Names);
var json = new Option<string?>("--json") { Description = "File to write the rows to." };
var llamaBench = new Option<string?>("--llama-bench") { Description = "llama-bench of llama.cpp or of a fork, to measure in turns with the engine on its core." };
var batchedBench = new Option<string?>("--llama-batched-bench") { Description = "Its llama-batched-bench, for batches." };
var ggufs = new Option<string[]>("--gguf") { Description = "The model's weights for it, as gguf writes them: bf16 for all rows, f32 for the decode row of fp32.", AllowMultipleArgumentsPerToken = true };
var toyProxy = new Option<string?>("--toy-proxy") { Description = "vLLM's toy_proxy_server.py, to measure in turns with the gateway; python3 needs FastAPI (0.93 or later), httpx and uvicorn." };

SectionOptions Options(ParseResult parsed) => new(parsed.GetValue(model)!, parsed.GetValue(core), parsed.GetValue(otherCore), parsed.GetValue(repeats))
{
    Peers = new(parsed.GetValue(llamaBench), parsed.GetValue(batchedBench), parsed.GetValue(ggufs) ?? []),
    ToyProxy = parsed.GetValue(toyProxy),
};

var table = new Command("table", "Every figure beside the ceiling, or the peer's figure, measured in the same run.") { model, core, otherCore, repeats, only, json, llamaBench, batchedBench, ggufs, toyProxy };
table.SetAction((parsed, _) => TableCommand.RunAsync(Options(parsed), parsed.GetValue(only) is { Length: > 0 } chosen ? chosen : null, parsed.GetValue(json)));

var predictor = new Command("predictor", "Predicted against measured TTFT and ITL, here and on recorded machines.") { model, core, otherCore, repeats, json };
predictor.SetAction((parsed, _) => PredictorCommand.RunAsync(Options(parsed), parsed.GetValue(json)));
var whatIf = new Command("what-if", "A page of larger fleets, computed by the predictor: docs/what-if.md is its output.");
whatIf.SetAction(_ => WhatIfPage.Print());

var file = new Option<string>("--out") { Description = "File to write.", Required = true };
var type = new Option<string>("--type") { Description = "How matrices are stored.", DefaultValueFactory = _ => GgufExport.BFloat16 }.AcceptOnlyFromAmong(GgufExport.BFloat16, GgufExport.Float32);
var gguf = new Command("gguf", "The engine's weights as a file that llama.cpp's benchmarks load.") { model, file, type };
gguf.SetAction(parsed => GgufExport.Write(parsed.GetValue(model)!, parsed.GetValue(file)!, parsed.GetValue(type)!));

var filter = new Option<string>("--filter") { Description = "Benchmarks to run, such as *MatMul*.", DefaultValueFactory = _ => "*" };
var micro = new Command("micro", "Each kernel by itself, with BenchmarkDotNet.") { filter };
micro.SetAction(parsed => MicroCommand.Run(parsed.GetValue(filter)!));

// What these start in processes of their own.
var argument = new Argument<string>("what");
var address = new Argument<string>("address");
var host = new Option<string>("--host") { DefaultValueFactory = _ => "127.0.0.1" };
Command Hidden(string name, Func<ParseResult, Task<int>> run, params IEnumerable<Symbol> symbols)
{
    var command = new Command(name) { Hidden = true };
    foreach (var symbol in symbols)
        if (symbol is Argument one)
            command.Add(one);
        else
            command.Add((Option)symbol);
    command.SetAction((parsed, _) => run(parsed));
    return command;
}

return await new RootCommand("Spark.Notebooks benchmarks: figures are ratios to a ceiling measured in the same run.")
{
    table,
    predictor,
    whatIf,
    gguf,
    micro,
    Hidden("section", parsed => Sections.PrintRowsAsync(parsed.GetValue(argument)!, Options(parsed)), argument, model, core, otherCore, repeats, llamaBench, batchedBench, ggufs, toyProxy),
    Hidden("proxy", parsed => ProxyProcess.RunAsync(parsed.GetValue(argument)!, new(parsed.GetValue(address)!)), argument, address),
    Hidden("paced", parsed => PacedBackend.RunAsync(parsed.GetValue(core)), core),
    Hidden("kv-source", parsed => Task.FromResult(KvSource.Run(Options(parsed), parsed.GetValue(argument)!, parsed.GetValue(host)!)), argument, host, model, core),
    Hidden("kv-pulls", parsed => Task.FromResult(ShapedTransferSection.Pull(Options(parsed), parsed.GetValue(argument)!)), argument, model, core),
    Hidden("ceilings", parsed => Task.FromResult(LocalPredictions.MeasureCeilings(Options(parsed))), model, core),
    Hidden("engine-rate", parsed => Task.FromResult(SseSection.RunAlone(Options(parsed))), model, core),
}.Parse(args).InvokeAsync();
