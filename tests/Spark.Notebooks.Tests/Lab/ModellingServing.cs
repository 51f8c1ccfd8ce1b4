using CsCheck;

namespace Spark.Notebooks.Tests;

public class ModellingServing
{
    static readonly ModelShape Shape = ShapeFiles.Tales;
    static readonly ServingModel Model = new(Shape, Samples.Roofline);

    [Fact]
    public void A_lone_request_takes_what_the_roofline_says()
    {
        var request = Model.Serve(StudySamples.Run(StudySamples.Single, 1, 1, requests: 1, output: 3)).Single();
        Assert.Equal(Samples.Roofline.Predict(Shape.Prefill(256)).TotalMilliseconds, request.Ttft.TotalMilliseconds, 1e-3);
        Assert.Equal(Samples.Roofline.Predict(Shape.Prefill(1, 256)).TotalMilliseconds, request.Itl[0].TotalMilliseconds, 1e-3);
    }

    [Fact]
    public void A_lone_request_on_a_pair_pays_one_more_step_for_its_first_token_and_no_more_for_the_others()
    {
        var (single, pair) = (Model.Serve(StudySamples.Run(StudySamples.Single, 1, 1, requests: 1)).Single(), Model.Serve(StudySamples.Run(StudySamples.Disaggregated, 1, 1, requests: 1)).Single());
        Assert.Equal(Samples.Roofline.Predict(Shape.Prefill(1, 255)).TotalMilliseconds, (pair.Ttft - single.Ttft).TotalMilliseconds, 1e-3);
        Assert.Equal(single.Itl[^1].TotalMilliseconds, pair.Itl[^1].TotalMilliseconds, 1e-3);
    }

    [Fact]
    public void Every_request_gets_its_tokens_in_order_after_it_was_sent() => Runs.Sample(run =>
        Model.Serve(run) is var served && served.Count == run.Requests.Count && served.All(request =>
            request.TokenTimes.Count == run.Requests[request.Index].RequestedTokens && request.TokenTimes[0] > request.Sent && request.Itl.All(gap => gap > TimeSpan.Zero)));

    [Fact]
    public void Two_nodes_never_end_later_than_one() => Runs.Sample(run =>
        Model.Serve(run with { Target = StudySamples.Replicated }).Max(request => request.TokenTimes[^1]) <= Model.Serve(run with { Target = StudySamples.Single }).Max(request => request.TokenTimes[^1]));

    [Fact]
    public void Prompts_that_arrive_stall_those_who_decode_on_the_same_node_only()
    {
        var run = StudySamples.Run(StudySamples.Single, 1, 1, requests: 12, output: 16, perSecond: 60);
        Assert.True(Longest(StudySamples.Single) > 3 * Longest(StudySamples.Disaggregated));

        TimeSpan Longest(LoadTarget target) => Model.Serve(run with { Target = target }).SelectMany(request => request.Itl).Max();
    }

    static readonly Gen<LoadRun> Runs = Gen.Select(
        Gen.Int[0, 2].Select(i => new[] { StudySamples.Single, StudySamples.Replicated, StudySamples.Disaggregated }[i]), Gen.Int[1, 12], Gen.Int[1, 20], Gen.Double[1, 200],
        (target, requests, output, perSecond) => StudySamples.Run(target, 1, 1, requests, output, perSecond));
}
