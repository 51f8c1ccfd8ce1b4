namespace Spark.Benchmarks;

/// <summary>Another engine's benchmarks, as its own CMake builds them, and files of the same weights.</summary>
/// <param name="LlamaBatchedBench">Null measures no batches.</param>
sealed record PeerOptions(string? LlamaBench, string? LlamaBatchedBench, string[] Gguf)
{
    public bool AreGiven => LlamaBench is not null || LlamaBatchedBench is not null || Gguf.Length > 0;

    public IEnumerable<string> Arguments =>
    [
        .. LlamaBench is null ? Array.Empty<string>() : ["--llama-bench", LlamaBench],
        .. LlamaBatchedBench is null ? Array.Empty<string>() : ["--llama-batched-bench", LlamaBatchedBench],
        .. Gguf.SelectMany(file => new[] { "--gguf", file }),
    ];

    /// <summary>What is missing and what to do about it; null where everything is there.</summary>
    public string? Problem(string model)
    {
        string?[] tools = [LlamaBench ?? "", LlamaBatchedBench];
        if (Array.Find(tools, tool => tool is not null && !File.Exists(tool)) is { } missing)
            return $"{(missing.Length == 0 ? "--llama-bench is not given" : $"{missing} is not there")}. Build llama-bench and llama-batched-bench with llama.cpp's own CMake, and say where they are.";
        var file = Gguf.Length == 0 ? "" : Array.Find(Gguf, gguf => !File.Exists(gguf));
        return file is null ? null
            : $"{(file.Length == 0 ? "--gguf is not given" : $"{file} is not there")}. Write it: dotnet run -c Release --project tests/Spark.Benchmarks -- gguf --model {model} --out {(file.Length == 0 ? "FILE" : file)}";
    }
}
