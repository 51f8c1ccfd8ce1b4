using System.Runtime.Intrinsics;

namespace Spark.Engine.Tests;

/// <summary>Engines that .NET keeps from using this processor's wider registers, as older processors would.</summary>
public class NarrowerVectors
{
    [Theory]
    [InlineData("DOTNET_EnableAVX512")]
    [InlineData("DOTNET_EnableAVX2")]
    [InlineData("DOTNET_EnableHWIntrinsic")]
    public async Task Log_probabilities_are_the_same_to_the_last_bit(string instructions)
    {
        Assert.SkipUnless(Vector256.IsHardwareAccelerated, "This processor has no wider registers that could be left unused.");
        using var wide = await EngineProcess.StartAsync([], []);
        using var narrow = await EngineProcess.StartAsync([], new() { [instructions] = "0" });
        // One token, several, and more than two tiles: every shape of a matrix product and of attention.
        string[] prompts = ["Once", "Once upon a time", "Once upon a time there was a small fox who lived in a wood with"];
        var request = new { model = Repository.Tales, prompt = prompts, max_tokens = 4, temperature = 0, logprobs = 5 };
        Assert.Equal(await ChoicesAsync(wide, request), await ChoicesAsync(narrow, request));
    }

    static async Task<string> ChoicesAsync(EngineProcess engine, object request)
    {
        var (status, body) = await engine.CompleteAsync(request);
        Assert.Equal(200, status);
        return body.GetProperty("choices").GetRawText();
    }
}
