using System.ClientModel;
using System.ClientModel.Primitives;
using OpenAI;
using OpenAI.Chat;

namespace Spark.Engine.Tests;

public class ServingTheOpenAIClient(TalesServer tales)
{
    static readonly GoldenCase Once = GoldenCase.All[0];

    [Fact]
    public async Task It_chats()
    {
        var answer = (await Client().CompleteChatAsync([new UserChatMessage(Once.Prompt)], new() { Temperature = 0, MaxOutputTokenCount = 20, IncludeLogProbabilities = true, TopLogProbabilityCount = 2 })).Value;
        Assert.Equal(Start(20), answer.Content[0].Text);
        Assert.Equal((ChatFinishReason.Length, ChatMessageRole.Assistant, "tales"), (answer.FinishReason, answer.Role, answer.Model));
        Assert.Equal((Once.Ids.Length, 20), (answer.Usage.InputTokenCount, answer.Usage.OutputTokenCount));
        Assert.Equal(Once.GreedyIds[..20].Select(Tales.Tokenizer.TokenText), answer.ContentTokenLogProbabilities.Select(t => t.Token));
        Assert.StartsWith("chatcmpl-", answer.Id);
    }

    [Fact]
    public async Task It_chats_in_a_stream()
    {
        var (text, usage, finish, role) = ("", 0, (ChatFinishReason?)null, (ChatMessageRole?)null);
        await foreach (var update in Client().CompleteChatStreamingAsync([new SystemChatMessage(""), new UserChatMessage(Once.Prompt)], new() { Temperature = 0, MaxOutputTokenCount = 20 }))
        {
            text += string.Concat(update.ContentUpdate.Select(c => c.Text));
            (usage, finish, role) = (update.Usage?.OutputTokenCount ?? usage, update.FinishReason ?? finish, update.Role ?? role);
        }
        Assert.NotEmpty(text);
        Assert.Equal((20, ChatFinishReason.Length, ChatMessageRole.Assistant), (usage, finish, role));
    }

    [Fact]
    public async Task It_stops_and_seeds()
    {
        var options = new ChatCompletionOptions { Temperature = 1, TopP = 0.9f, FrequencyPenalty = 0.1f, PresencePenalty = 0.1f, MaxOutputTokenCount = 30, StopSequences = { "." }, EndUserId = "me" };
#pragma warning disable OPENAI001 // Seed is marked experimental in the client; the field itself is OpenAI's.
        options.Seed = 5;
#pragma warning restore OPENAI001
        var first = (await Client().CompleteChatAsync([new UserChatMessage(Once.Prompt)], options)).Value;
        var second = (await Client().CompleteChatAsync([new UserChatMessage(Once.Prompt)], options)).Value;
        Assert.Equal(first.Content[0].Text, second.Content[0].Text);
        Assert.DoesNotContain(".", first.Content[0].Text);
    }

    [Fact]
    public async Task It_lists_models()
    {
        var models = (await Open().GetOpenAIModelClient().GetModelsAsync()).Value;
        Assert.Equal(["tales", "tales-25m"], models.Select(m => m.Id));
    }

    [Fact]
    public async Task It_understands_errors()
    {
        var unknown = await Assert.ThrowsAsync<ClientResultException>(() => Open().GetChatClient("gpt-4").CompleteChatAsync(new UserChatMessage("a")));
        Assert.Equal(404, unknown.Status);
        Assert.Contains("The model `gpt-4` does not exist.", unknown.Message);
        var wrong = await Assert.ThrowsAsync<ClientResultException>(() => Client().CompleteChatAsync([new UserChatMessage("a")], new() { Temperature = -1 }));
        Assert.Equal(400, wrong.Status);
        Assert.Contains("temperature must be non-negative, got -1.0.", wrong.Message);
        await using var guarded = await ServerUnderTest.StartAsync(new ScriptedEngine(ScriptedEngine.Drone), o => o with { ApiKeys = ["secret"] });
        Assert.Equal(401, (await Assert.ThrowsAsync<ClientResultException>(() => Open(guarded).GetChatClient("tales").CompleteChatAsync(new UserChatMessage("a")))).Status);
    }

    [Fact(Timeout = 60_000)]
    public async Task Cancelling_it_frees_the_request()
    {
        using var engine = TalesServer.StartEngine(TestEngine.Tales);
        await using var server = await ServerUnderTest.StartAsync(engine);
        using var leaving = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in Open(server).GetChatClient("tales").CompleteChatStreamingAsync([new UserChatMessage("a")], new() { Temperature = 1, StopSequences = { "not to be found" } }, leaving.Token))
                await leaving.CancelAsync();
        });
        while (engine.Stats is not { Running: 0, KvCacheUsage: 0 })
            await Task.Delay(1);
    }

    ChatClient Client() => Open().GetChatClient("tales");

    OpenAIClient Open(ServerUnderTest? server = null) => new(new ApiKeyCredential("any"), new() { Endpoint = new((server ?? tales.Server).Address, "/v1"), RetryPolicy = new ClientRetryPolicy(0) });

    static string Start(int tokens) => Tales.Tokenizer.Decode(Once.GreedyIds[..tokens], skipSpecialTokens: true);
}
