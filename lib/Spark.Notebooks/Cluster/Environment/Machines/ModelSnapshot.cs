namespace Spark.Notebooks;

/// <summary>A model's files on a machine, a directory or a snapshot of the Hugging Face cache: whether all are there and as long as their own headers say.</summary>
public sealed record ModelSnapshot(string Path, ByteSize Weights, int Shards, IReadOnlyList<string> Problems)
{
    const int HeaderLengthBytes = 8;

    internal static ModelSnapshot Read(ProbeOutput probe)
    {
        if (probe.First("model.folder") is not { } folder)
            return new(probe.First("model.absent") ?? "", default, 0, ["it is not there"]);
        var files = probe.All("model.file");
        var problems = new List<string>();
        if (!files.Contains("config.json"))
            problems.Add("config.json is missing");
        if (!files.Contains("tokenizer.json") && !files.Contains("tokenizer.model"))
            problems.Add("tokenizer.json is missing");
        var shards = probe.All("model.shard");
        var promised = 0L;
        foreach (var shard in shards)
        {
            var (tensors, problem) = Shard(shard.Split(' '));
            promised += tensors;
            if (problem is not null)
                problems.Add(problem);
        }
        if (problems.Count == 0 && probe.Number("model.total") is { } total && promised < total)
            problems.Add($"its files hold {promised:N0} B of tensors, its index promises {total:N0} B");
        return new(folder, new(promised), shards.Count, problems);
    }

    // name, size, length of the header, bytes of tensors that the header promises
    static (long Tensors, string? Problem) Shard(string[] fields) => fields switch
    {
        [var name] => (0, $"{name} is missing"),
        [_, var size, var header, var tensors] when Invariant.Whole(size) is { } held && Invariant.Whole(header) is { } length && Invariant.Whole(tensors) is { } bytes && held == HeaderLengthBytes + length + bytes => (bytes, null),
        [var name, var size, var header, var tensors] when Invariant.Whole(header) is { } length && Invariant.Whole(tensors) is { } bytes => (bytes, $"{name} has {size} B, its header promises {HeaderLengthBytes + length + bytes}"),
        [var name, ..] => (0, $"{name} does not begin as a safetensors file: a broken download, or a Git LFS pointer"),
        _ => (0, null),
    };
}
