using CsCheck;

namespace Spark.Notebooks.Tests;

public class CuttingPrompts
{
    static readonly int[] Text = [.. Enumerable.Range(0, 500)];

    [Fact]
    public void Prompts_have_exactly_the_length_asked_for_and_begin_as_the_tokenizer_begins() => Gen.Int[1, 2_000].Sample(length =>
    {
        var prompt = new PromptText([4080], Text, seed: 1).Next(length);
        return prompt.Count == length && prompt[0] == 4080;
    });

    [Fact]
    public void A_prompt_is_consecutive_text_that_wraps_around()
    {
        var prompt = new PromptText([], Text, seed: 3).Next(1_200);
        Assert.All(prompt.Zip(prompt.Skip(1)), pair => Assert.Equal((pair.First + 1) % 500, pair.Second));
    }

    [Fact]
    public void The_same_seed_cuts_the_same_prompts_and_another_seed_others()
    {
        Assert.Equal(Cut(7), Cut(7));
        Assert.NotEqual(Cut(7), Cut(8));

        static List<IReadOnlyList<int>> Cut(int seed)
        {
            var text = new PromptText([4080], Text, seed);
            return [.. Enumerable.Range(0, 50).Select(_ => text.Next(40))];
        }
    }

    [Fact]
    public void No_two_prompts_share_a_first_block_even_where_the_text_repeats_itself()
    {
        var text = new PromptText([4080], [.. Text, .. Text, .. Text], seed: 5);
        var prompts = Enumerable.Range(0, 500).Select(_ => text.Next(32)).ToList();
        Assert.Equal(500, prompts.Select(prompt => string.Join(' ', prompt.Take(16))).Distinct().Count());
        Assert.Contains("500 different beginnings", Assert.Throws<InvalidOperationException>(() => text.Next(32)).Message);
    }

    [Fact]
    public void A_uniform_workload_has_the_lengths_asked_for_and_says_so()
    {
        var workload = Workload.Create(new([1], Text, 0), requests: 5, promptTokens: 64, outputTokens: 16, rangeRatio: 0, seed: 0);
        Assert.All(workload.Requests, request => Assert.Equal((64, 16), (request.PromptTokenIds.Count, request.OutputTokens)));
        Assert.Equal("5 requests of 64 prompt and 16 output tokens, text of data/prompts/tales.txt, seed 0", workload.Recipe);
    }

    [Fact]
    public void A_mixed_workload_spreads_its_lengths_over_the_range_asked_for()
    {
        var workload = Workload.Create(new([1], Text, 0), requests: 400, promptTokens: 64, outputTokens: 11, rangeRatio: 0.5, seed: 0);
        Assert.Equal((32, 96), (workload.Requests.Min(request => request.PromptTokenIds.Count), workload.Requests.Max(request => request.PromptTokenIds.Count)));
        Assert.Equal((5, 17), (workload.Requests.Min(request => request.OutputTokens), workload.Requests.Max(request => request.OutputTokens)));
        Assert.StartsWith("400 requests of 32 to 96 prompt and 5 to 17 output tokens", workload.Recipe);
    }

    [Fact]
    public void The_shipped_text_is_plain_ASCII_of_the_length_that_was_promised()
    {
        var text = File.ReadAllText(RepositoryRoot.Combine("data/prompts/tales.txt"));
        Assert.True(text.All(char.IsAscii));
        Assert.InRange(text.Length, 28_000, 32_000);
    }
}
