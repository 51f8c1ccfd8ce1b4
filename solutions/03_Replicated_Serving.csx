// %% exercise-1
// The mean lies midway between the two halves: the quick one is as far below it as the slow one is above.
var batch = Recorded.SparkReplicatedBatch();
Check.QuickReplica(Recorded.SparkReplicatedBatch(), answer:
    (2 * batch.MeanLatency.TotalSeconds) - batch.WallTime.TotalSeconds)

// %% exercise-1 mistake
// The mean itself, which no request took.
Check.QuickReplica(Recorded.SparkReplicatedBatch(), answer: batch.MeanLatency.TotalSeconds)

// %% exercise-2
// One step yields 32 tokens either way; how much longer is it with 32 sequences than with 16?
var h100 = Recorded.H100();
var (whole, half) = (h100.Shape.DecodeStep(32, 1024), h100.Shape.DecodeStep(16, 1024));
Check.ScalingGain(h100.Roofline, h100.Shape, batch: 32, nodes: 2, context: 1024, answer:
    h100.Roofline.Predict(whole) / h100.Roofline.Predict(half))

// %% exercise-2 mistake
// Twice the nodes, twice the tokens: as if the weights had not to be read by both.
Check.ScalingGain(h100.Roofline, h100.Shape, batch: 32, nodes: 2, context: 1024, answer: 2)

// %% exercise-3
// Little's law: in flight = a second × seconds each.
var busiest = scaling.Replicated[^1].Runs[0];
var seconds = busiest.E2el.Mean / 1000;
Check.LittlesLaw(scaling.Replicated[^1].Runs[0], answer: busiest.Concurrency / seconds)

// %% exercise-3 mistake
// One client's rate.
Check.LittlesLaw(scaling.Replicated[^1].Runs[0], answer: 1 / seconds)
