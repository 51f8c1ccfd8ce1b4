using CsCheck;

namespace Spark.Engine.Tests;

public sealed class SamplerBehaviour
{
    const int Eos = 0;
    static readonly Gen<float[]> Logits = Gen.Float[-6, 6].Array[12];

    [Fact]
    public void Temperature_zero_takes_the_likeliest_token() =>
        Logits.Sample(logits => Assert.Equal(Array.IndexOf(logits, logits.Max()), Next(logits, new() { Temperature = 0 })));

    [Fact]
    public void Draws_follow_the_softmax_at_the_given_temperature()
    {
        float[] logits = [0, 1, 2, 3];
        var counts = Histogram(logits, new() { Temperature = 2 }, 40_000);
        var weights = logits.Select(l => Math.Exp(l / 2)).ToArray();
        for (var token = 0; token < 4; token++)
            Assert.InRange(counts[token] / 40_000.0, weights[token] / weights.Sum() - 0.02, weights[token] / weights.Sum() + 0.02);
    }

    [Fact]
    public void Only_tokens_of_the_nucleus_top_k_and_min_p_are_drawn() =>
        (from logits in Logits
         from topP in Gen.Float[0.05f, 1]
         from topK in Gen.Int[0, 12]
         from minP in Gen.Float[0, 0.5f]
         select (logits, topP, topK, minP)).Sample(c =>
        {
            var allowed = Allowed(c.logits, c.topP, c.topK, c.minP);
            var counts = Histogram(c.logits, new() { Temperature = 1, TopP = c.topP, TopK = c.topK, MinP = c.minP }, 40);
            for (var token = 0; token < counts.Length; token++)
                Assert.True(counts[token] == 0 || allowed.Contains(token), $"token {token} was drawn");
        }, iter: 300);

    [Theory]
    [InlineData(0.95f)]
    [InlineData(1)]
    public void Where_a_logit_is_infinite_or_all_are_forbidden_a_token_comes_all_the_same(float topP)
    {
        const float never = float.NegativeInfinity;
        Assert.Equal(2, Next([never, 1, float.PositiveInfinity, never], new() { Temperature = 1, TopP = topP }));
        Assert.InRange(Next([never, never, never, never], new() { Temperature = 1, TopP = topP }), 0, 3);
    }

    [Fact]
    public void A_tiny_repetition_penalty_is_survived() => Gen.Select(Logits, Gen.Float[0.1f, 1]).Sample((logits, topP) =>
        Assert.InRange(Next(logits, new() { Temperature = 1, TopP = topP, RepetitionPenalty = 1e-40f }), 0, logits.Length - 1));

    [Fact]
    public void A_seed_and_a_position_fix_the_draw()
    {
        var logits = Enumerable.Range(0, 12).Select(i => i * 0.1f).ToArray();
        var draws = Enumerable.Range(0, 20).Select(seed => Next(logits, new() { Temperature = 1 }, seed)).ToList();
        Assert.Equal(draws, [.. Enumerable.Range(0, 20).Select(seed => Next(logits, new() { Temperature = 1 }, seed))]);
        Assert.True(draws.Distinct().Count() > 3);
    }

    [Fact]
    public void Before_min_tokens_neither_the_end_nor_a_stop_token_is_chosen()
    {
        float[] logits = [9, 8, 7, 1];
        Assert.Equal(2, Next(logits, new() { Temperature = 0, MinTokens = 1, StopTokenIds = [1] }));
        Assert.Equal(0, Next(logits, new() { Temperature = 0, MinTokens = 1, StopTokenIds = [1], IgnoreEos = true }));
    }

    [Fact]
    public void Penalties_lower_what_was_said_before()
    {
        var request = new Request(new EngineRequest("a", [1], new() { RepetitionPenalty = 2, PresencePenalty = 1, FrequencyPenalty = 0.5f }), 0, 0);
        request.AddToken(2);
        request.AddToken(2);
        request.AddToken(3);
        float[] logits = [4, 4, 4, -4];
        Penalties.Apply(request, logits);
        Assert.Equal([4, 2, 2 - 1 - 2 * 0.5f, -8 - 1 - 0.5f], logits);
    }

    [Fact]
    public void Log_probabilities_add_up_to_one_and_rank_the_chosen_token()
    {
        float[] logits = [1, 3, 2, 3];
        var read = LogprobReader.Read(logits, chosen: 2, alternatives: 4);
        Assert.Equal([1, 3, 2, 0], read.Top.Select(t => t.Token));
        Assert.Equal(1, read.Top.Sum(t => Math.Exp(t.Logprob)), 1e-6);
        Assert.Equal(3, read.Rank);
        Assert.Equal(read.Top[2].Logprob, read.Logprob);
        Assert.Empty(LogprobReader.Read(logits, 2, 0).Top);
    }

    [Theory]
    [InlineData(Eos, false, 0, "Stop", null)]
    [InlineData(Eos, true, 0, null, null)]
    [InlineData(5, false, 0, "Stop", 5)]
    [InlineData(5, false, 2, null, null)]
    [InlineData(3, false, 0, null, null)]
    public void A_request_stops_as_vllm_stops_it(int token, bool ignoreEos, int minTokens, string? reason, int? stopToken)
    {
        var request = new Request(new EngineRequest("a", [1], new() { MaxTokens = 3, IgnoreEos = ignoreEos, MinTokens = minTokens, StopTokenIds = [5] }), 0, 0);
        request.AddToken(token);
        var ended = StopCheck.After(request, [Eos], 100);
        Assert.Equal((reason, stopToken), (ended?.Reason.ToString(), ended?.StopTokenId));
    }

    static int Next(float[] logits, SamplingParams sampling, long seed = 1) =>
        new Sampler(logits.Length, [Eos]).Next(new Request(new EngineRequest("a", [1], sampling), seed, 0), (float[])logits.Clone());

    static int[] Histogram(float[] logits, SamplingParams sampling, int draws)
    {
        var counts = new int[logits.Length];
        for (var seed = 0; seed < draws; seed++)
            counts[Next(logits, sampling, seed)]++;
        return counts;
    }

    /// <summary>The definition, slowly: min_p against the likeliest, then the k likeliest, then the smallest set of mass top_p.</summary>
    static HashSet<int> Allowed(float[] logits, float topP, int topK, float minP)
    {
        var weights = logits.Select(l => Math.Exp(l - logits.Max())).ToArray();
        var order = Enumerable.Range(0, logits.Length).Where(t => weights[t] >= minP * (1 - 1e-6)).OrderByDescending(t => weights[t]).Take(topK == 0 ? int.MaxValue : topK).ToList();
        var total = topK == 0 ? weights.Sum() : order.Sum(t => weights[t]);
        var (allowed, mass) = (new HashSet<int>(), 0.0);
        foreach (var token in order)
        {
            if (mass > topP * total * (1 + 1e-5))
                break;
            allowed.Add(token);
            mass += weights[token];
        }
        // In single precision, tokens this close are tied and either may be kept.
        var least = allowed.Min(token => weights[token]);
        allowed.UnionWith(Enumerable.Range(0, logits.Length).Where(token => Math.Abs(weights[token] - least) < 1e-6 * least));
        return allowed;
    }
}
