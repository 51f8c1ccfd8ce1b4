// %% exercise-1
// The step ends when the whole prompt is computed: the longer of computing and reading.
var roof = ceilings.Roofline(shape);
var prompt = shape.Prefill(512);
var wait = Math.Max(prompt.Flop / roof.FlopPerSecond, prompt.Bytes / roof.BytesPerSecond);
Check.Stall(roof, shape, 512, answer: 1e3 * wait)

// %% exercise-1 mistake
// A step without the prompt.
Check.Stall(roof, shape, 512, answer: roof.Predict(shape.DecodeStep(1, 512)).TotalMilliseconds)

// %% exercise-2
// How busy one node of each kind was, from the table of section 6; here from the runs that it shows.
var rag = study.Under("rag", plan.Rates[^1])[^1];
var prefillBusy = rag.Runs.Of(run => run.Cpu.Busy(run.Target.Engines[0]), "").Median;
var decodeBusy = rag.Runs.Of(run => run.Cpu.Busy(run.Target.Engines[1]), "").Median;
Check.PrefillPerDecode(study.Under("rag", plan.Rates[^1])[^1], answer: prefillBusy / decodeBusy)

// %% exercise-2 mistake
// Decode nodes for each prefill node.
Check.PrefillPerDecode(study.Under("rag", plan.Rates[^1])[^1], answer: decodeBusy / prefillBusy)

// %% exercise-3
// One prompt after another: 1 ÷ the least time of a prefill.
var prefill = roof.Predict(shape.Prefill(768)).TotalSeconds;
Check.PrefillCapacity(roof, shape, 768, answer: 1 / prefill)

// %% exercise-3 mistake
// In prompt tokens a second.
Check.PrefillCapacity(roof, shape, 768, answer: 768 / prefill)
