using System.CommandLine;
using Spark.Benchmarks;

var model = new Option<string>("--model") { Description = "Model directory; a shape without weights gets random ones.", DefaultValueFactory = _ => "data/models/m14" };
var core = new Option<int>("--core") { Description = "Core to pin this process to." };
var repeats = new Option<int>("--repeats") { Description = "Measurements a row; the table shows their median and range.", DefaultValueFactory = _ => 7 };
var table = new Command("table", "Prefill and decode of one engine on one core, each beside the ceiling measured in the same run.") { model, core, repeats };
table.SetAction(parsed => EngineTable.Print(parsed.GetValue(model)!, parsed.GetValue(core), parsed.GetValue(repeats)));
return new RootCommand("Spark.Notebooks benchmarks: figures are ratios to a ceiling measured in the same run.") { table }.Parse(args).Invoke();
