using System.Diagnostics;

namespace Spark.Engine.Tests;

/// <summary>The engine as a processor of the other kind runs it, in an emulator: built for arm64, whose registers (NEON) hold 128 bits.</summary>
static class Arm64Engine
{
    const string Emulator = "/usr/bin/qemu-aarch64", Libraries = "/usr/aarch64-linux-gnu";

    public static async Task<EngineProcess> StartAsync()
    {
        Tool.Require(File.Exists(Emulator) && File.Exists($"{Libraries}/lib/libstdc++.so.6"),
            "There is no emulator of arm64, or it has no C++ library; on Debian: apt-get install qemu-user libstdc++6-arm64-cross");
        return await EngineProcess.StartAsync(
            [Emulator, "-L", Libraries, await PublishAsync()],
            ["--no-enable-prefix-caching"],   // its hashes come from OpenSSL, which Debian has no cross package of
            new() { ["DOTNET_EnableWriteXorExecute"] = "0" },   // the emulator misses code that is changed through a second mapping
            TimeSpan.FromMinutes(4));   // arithmetic takes it a hundred times as long
    }

    /// <returns>The program, with the runtime beside it. Built beside the tests, in folders that no other build uses.</returns>
    static async Task<string> PublishAsync()
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "arm64");
        using var publish = Process.Start(new ProcessStartInfo("dotnet",
            ["publish", Path.Combine(Repository.Root, "lib", "Spark.Engine"), "-c", "Release", "-r", "linux-arm64", "--self-contained", "--disable-build-servers", "--artifacts-path", folder, "-o", Path.Combine(folder, "engine"), "-p:RestoreLockedMode=false"])
        {
            RedirectStandardOutput = true,
        })!;
        var output = await publish.StandardOutput.ReadToEndAsync();
        await publish.WaitForExitAsync();
        Assert.True(publish.ExitCode == 0, output);
        return Path.Combine(folder, "engine", "spark-engine");
    }
}
