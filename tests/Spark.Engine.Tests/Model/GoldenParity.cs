namespace Spark.Engine.Tests;

public sealed class GoldenParity(ITestOutputHelper output)
{
    [Fact]
    public void The_greedy_continuation_and_the_top_logits_equal_those_of_transformers()
    {
        using var engine = TestEngine.Start(TestEngine.Tales);
        var largest = 0f;
        foreach (var (golden, i) in GoldenCase.All.Select((g, i) => (g, i)))
        {
            engine.Add(new EngineRequest($"{i}", golden.Ids, TestEngine.Greedy(64) with { Logprobs = 5 }));
            var first = engine.Step().Single();
            var rest = engine.Drain()[$"{i}"];
            int[] tokens = [first.Token!.Value, .. rest];
            var same = tokens.Zip(golden.GreedyIds).TakeWhile(p => p.First == p.Second).Count();
            var deviation = Deviation(first.Logprobs!, golden);
            largest = Math.Max(largest, deviation);
            output.WriteLine($"case {i}: {same} of 64 tokens equal, smallest margin {golden.SmallestMargin:G2}, largest deviation of the top-5 logits {deviation:G3}");
            Assert.True(same == 64 || golden.SmallestMargin < 1e-3, $"case {i}: the token at {same} differs");
        }
        output.WriteLine($"largest deviation: {largest:G3}");
        Assert.True(largest < 2e-3, $"largest deviation {largest}");
    }

    static float Deviation(TokenLogprobs logprobs, GoldenCase golden)
    {
        var ours = logprobs.Top.ToDictionary(t => t.Token, t => t.Logprob);
        return golden.Top5.Max(g => Math.Abs(ours[g.Id] - ours[golden.Top5[0].Id] - (g.Logit - golden.Top5[0].Logit)));
    }
}
