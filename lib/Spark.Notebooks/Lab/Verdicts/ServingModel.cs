namespace Spark.Notebooks;

/// <summary>
/// Engines that batch continuously, step by step: running requests first, then waiting prompts in order, up to a token budget; a step takes what the roofline says.
/// A model to set beside a measurement, never instead of one.
/// </summary>
internal sealed class ServingModel(ModelShape shape, Roofline roofline, int tokenBudget = 2048)
{
    /// <summary>Good requests a second, were the cell's requests served by this model of its architecture; the mean over its repeats.</summary>
    public double Goodput(StudyCell cell) => cell.Runs.Runs.Average(run => Notebooks.Goodput.Of(Serve(run), run.OfferedTime, cell.Slo).RequestsPerSecond);

    /// <summary>The run's requests, sent when they were due.</summary>
    internal IReadOnlyList<RequestTimeline> Serve(LoadRun run)
    {
        var requests = run.Requests.Select(request => new ModelRequest(request.Index, run.Schedule![request.Index], request.PromptTokens, request.RequestedTokens)).ToArray();
        var roles = run.Target.Engines.Select(engine => engine.Role).ToArray();
        var (prefill, decode) = (roles.Count(role => role == EngineRole.Prefill), roles.Count(role => role != EngineRole.Prefill));
        // A decode engine recomputes the last token of a prompt whose other tokens it pulled.
        var arrived = prefill == 0 ? requests
            : [.. OnEngines(requests.Select(request => request with { Output = 1 }), prefill).Select(done => requests[done.Request.Index] with { At = done.Tokens[0], Cached = done.Request.Prompt - 1 })];
        return [.. OnEngines(arrived, decode).Select(done => Timeline(requests[done.Request.Index], done.Tokens)).OrderBy(timeline => timeline.Index)];
    }

    // Round robin, as the gateway's default is.
    IEnumerable<(ModelRequest Request, IReadOnlyList<TimeSpan> Tokens)> OnEngines(IEnumerable<ModelRequest> requests, int engines) =>
        requests.OrderBy(request => request.At).Index().GroupBy(entry => entry.Index % engines, entry => entry.Item).SelectMany(OnOneEngine);

    IEnumerable<(ModelRequest Request, IReadOnlyList<TimeSpan> Tokens)> OnOneEngine(IEnumerable<ModelRequest> requests)
    {
        var coming = new Queue<ModelSequence>(requests.Select(request => new ModelSequence(request)));
        var all = coming.ToArray();
        var present = new List<ModelSequence>();
        var now = TimeSpan.Zero;
        while (coming.Count + present.Count > 0)
        {
            if (present.Count == 0 && coming.Peek().Request.At > now)
                now = coming.Peek().Request.At;
            while (coming.TryPeek(out var next) && next.Request.At <= now)
                present.Add(coming.Dequeue());
            now += Step(present, now);
            present.RemoveAll(sequence => sequence.IsDone);
        }

        return all.Select(sequence => (sequence.Request, (IReadOnlyList<TimeSpan>)sequence.Tokens));
    }

    TimeSpan Step(List<ModelSequence> present, TimeSpan now)
    {
        var budget = tokenBudget;
        var (flop, bytes) = (0.0, (double)shape.WeightBytesPerStep.Bytes);
        var served = new List<(ModelSequence Sequence, int Tokens)>();
        foreach (var sequence in present.OrderByDescending(sequence => sequence.IsDecoding))
        {
            var tokens = Math.Min(budget, sequence.Pending);
            if (tokens == 0)
                break;
            var work = shape.Prefill(tokens, sequence.Computed);
            (flop, bytes, budget) = (flop + work.Flop, bytes + work.Bytes - shape.WeightBytesPerStep.Bytes, budget - tokens);
            served.Add((sequence, tokens));
        }

        var time = roofline.Predict(new(flop, bytes));
        foreach (var (sequence, tokens) in served)
            sequence.Compute(tokens, now + time);
        return time;
    }

    static RequestTimeline Timeline(ModelRequest request, IReadOnlyList<TimeSpan> tokens) => new()
    {
        Index = request.Index,
        Node = "model",
        PromptTokens = request.Prompt,
        RequestedTokens = request.Output,
        OutputTokens = request.Output,
        Sent = request.At,
        TokenTimes = tokens,
    };
}
