using System.CommandLine;
using Spark.Benchmarks;

var model = new Option<string>("--model") { Description = "Model directory; a shape without weights gets random ones.", DefaultValueFactory = _ => "data/models/m14" };
var core = new Option<int>("--core") { Description = "Core to pin this process to." };
var repeats = new Option<int>("--repeats") { Description = "Measurements a row; the table shows their median and range.", DefaultValueFactory = _ => 7 };
var table = new Command("table", "Prefill and decode of one engine on one core, each beside the ceiling measured in the same run.") { model, core, repeats };
table.SetAction(parsed => EngineTable.Print(parsed.GetValue(model)!, parsed.GetValue(core), parsed.GetValue(repeats)));
var gateway = new Command("gateway", "CPU time a request and time to first token behind the gateway, beside a bare YARP forwarder and no proxy at all in the same run.") { repeats };
gateway.SetAction((parsed, _) => GatewayTable.PrintAsync(parsed.GetValue(repeats)));
var kind = new Argument<string>("kind");
var backend = new Argument<string>("backend");
var proxy = new Command("proxy", "Runs one of the proxies until its input ends.") { kind, backend };
proxy.Hidden = true;
proxy.SetAction((parsed, _) => ProxyProcess.RunAsync(parsed.GetValue(kind)!, new(parsed.GetValue(backend)!)));
return new RootCommand("Spark.Notebooks benchmarks: figures are ratios to a ceiling measured in the same run.") { table, gateway, proxy }.Parse(args).Invoke();
