// %% exercise-1
// Half of the memory, less what else lives there; whole blocks of it.
var left = (0.5 * capacity.DeviceMemory) - capacity.Shape.WeightBytes - capacity.Activations;
var blocks = left.Bytes / capacity.BlockBytes.Bytes;   // integers: rounded down
Check.KvTokens(capacity with { Utilization = 0.5 }, answer: blocks * capacity.BlockTokens)

// %% exercise-1 mistake
// All of the engine's share, as if weights and activations took no room.
Check.KvTokens(capacity with { Utilization = 0.5 }, answer:
    (0.5 * capacity.DeviceMemory).Bytes / capacity.BlockBytes.Bytes * capacity.BlockTokens)

// %% exercise-2
// FLOP over FLOP a second, bytes over bytes a second; a step takes the longer of the two.
var step = shape.DecodeStep(8, 512);
var (computing, reading) = (step.Flop / roof.FlopPerSecond, step.Bytes / roof.BytesPerSecond);
Check.DecodeStep(roof, shape, batch: 8, context: 512, answer: 1e3 * Math.Max(computing, reading))

// %% exercise-2 mistake
// Eight steps of one sequence: as if each had to read the weights for itself.
Check.DecodeStep(roof, shape, batch: 8, context: 512, answer:
    8 * roof.Predict(shape.DecodeStep(1, 512)).TotalMilliseconds)

// %% exercise-3
// All were sent at once and decoded in the same steps: each took as long as the batch.
Check.RequestLatency(Recorded.SparkBatch(), answer: Recorded.SparkBatch().WallTime.TotalMilliseconds)

// %% exercise-3 mistake
// Wall time ÷ 8, as the earlier course had it: 1 ÷ throughput, and no request's latency.
Check.RequestLatency(Recorded.SparkBatch(), answer: Recorded.SparkBatch().WallTime.TotalMilliseconds / 8)

// %% exercise-4
// Where intensity reaches the ridge; with a pencil, at ridge × bytes a weight ÷ 2 FLOP a weight.
var first = Enumerable.Range(1, 4096).First(n => shape.Prefill(n).Intensity >= roof.Ridge);
Check.ComputeBoundFrom(roof, shape, answer: first)

// %% exercise-4 mistake
// A multiply-add counted as one FLOP.
Check.ComputeBoundFrom(roof, shape, answer: 2 * first)

// %% exercise-5
// Throughput ÷ latency at each concurrency: the knee is where that is highest.
var best = statics.MaxBy(runs =>
    runs.OutputTokensPerSecond.Median / runs.Of(run => run.E2el.Median, "ms").Median);
Check.Knee(statics, answer: best.Runs[0].Concurrency)

// %% exercise-5 mistake
// How high throughput ÷ latency gets, not where.
Check.Knee(statics, answer:
    best.OutputTokensPerSecond.Median / best.Of(run => run.E2el.Median, "ms").Median)
