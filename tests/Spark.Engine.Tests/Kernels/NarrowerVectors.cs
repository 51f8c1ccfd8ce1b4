using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Spark.Engine.Tests;

/// <summary>Engines that .NET keeps from using this processor's wider registers, as older processors would, and one on a processor of another kind.</summary>
public class NarrowerVectors
{
    // One token, several, and more than two tiles: every shape of a matrix product and of attention.
    static readonly string[] prompts = ["Once", "Once upon a time", "Once upon a time there was a small fox who lived in a wood with"];

    [Theory]
    [InlineData("DOTNET_EnableAVX512")]
    [InlineData("DOTNET_EnableAVX2")]
    [InlineData("DOTNET_EnableHWIntrinsic")]
    public async Task Log_probabilities_are_the_same_to_the_last_bit(string instructions)
    {
        Assert.SkipUnless(Vector256.IsHardwareAccelerated, "This processor has no wider registers that could be left unused.");
        using var wide = await EngineProcess.StartAsync([], []);
        using var narrow = await EngineProcess.StartAsync([], new() { [instructions] = "0" });
        Assert.Equal(await ChoicesAsync(wide), await ChoicesAsync(narrow));
    }

    [Fact(Timeout = 600_000)]
    public async Task Log_probabilities_on_arm64_are_the_same_to_the_last_bit()
    {
        Assert.SkipUnless(RuntimeInformation.ProcessArchitecture == Architecture.X64 && OperatingSystem.IsLinux(), "The emulator runs beside a Linux on x64.");
        using var emulated = await Arm64Engine.StartAsync();
        using var here = await EngineProcess.StartAsync([], []);
        Assert.Equal(await ChoicesAsync(here), await ChoicesAsync(emulated));
    }

    static async Task<string> ChoicesAsync(EngineProcess engine)
    {
        var (status, body) = await engine.CompleteAsync(new { model = Repository.Tales, prompt = prompts, max_tokens = 4, temperature = 0, logprobs = 5 });
        Assert.Equal(200, status);
        return body.GetProperty("choices").GetRawText();
    }
}
