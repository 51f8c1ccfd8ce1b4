namespace Spark.Notebooks.Tests;

/// <summary>This test program in the part of <c>spark-engine</c>: takes its command line, and behaves or misbehaves as its mode says.</summary>
internal static class FakeEngine
{
    /// <param name="mode"><c>good</c>, <c>dies</c>, <c>deaf</c> (outlives its input), <c>mute</c> (never listens), <c>impostor</c> (serves another run id),
    /// or a path: an impostor at its first start, good once that file exists.</param>
    public static EngineExecutable Executable(string mode = "good") => new(Environment.ProcessPath!, ["fake-engine", mode]);

    public static async Task<int> RunAsync(string[] args)
    {
        var (mode, arguments) = (args[0], args[1..]);
        if (mode.Contains(Path.DirectorySeparatorChar))
        {
            var first = !File.Exists(mode);
            File.WriteAllText(mode, "started");
            mode = first ? "impostor" : "good";
        }

        if (arguments[0] == "measure")
        {
            Console.WriteLine(string.Join(' ', arguments));
            Console.WriteLine("""{"fma_gflops": 123.5, "read_gbytes_per_s": {"524288": 200, "268435456": 38.25}, "simd": "512 bit", "architecture": "X64", "runtime": ".NET 10.0.1", "cores": [0], "pinned": true}""");
            return 0;
        }

        Console.WriteLine("INFO 11-23 14:38:00 [loader.py:1] Model loading took 0.0459 GiB and 0.250000 seconds");
        Console.Error.WriteLine("INFO 11-23 14:38:01 [kv_cache_utils.py:2] GPU KV cache size: 45,056 tokens");
        if (mode == "dies")
        {
            Console.Error.WriteLine("ValueError: no such luck");
            return 3;
        }

        string[] names = [.. arguments.SkipWhile(argument => argument != "--served-model-name").Skip(1).TakeWhile(argument => !argument.StartsWith("--", StringComparison.Ordinal))];
        var port = int.Parse(arguments[Array.IndexOf(arguments, "--port") + 1]);
        await using var server = mode == "mute" ? null : await FakeVllm.StartAsync(mode == "impostor" ? ["tales", "run-other"] : names, port);

        if (mode == "deaf")
            await Task.Delay(Timeout.Infinite);
        while (await Console.In.ReadLineAsync() is not null)
        {
        }

        return 0;
    }

    /// <summary>In the part of a notebook: starts a program, tells its pid, and waits to be killed.</summary>
    public static async Task<int> OwnAsync(string program, string[] arguments)
    {
        await using var process = OwnedProcess.Start(program, arguments, Path.GetTempFileName());
        Console.WriteLine(process.Id);
        await Task.WhenAny(process.Exited, Task.Delay(TimeSpan.FromMinutes(2)));
        return 0;
    }
}
