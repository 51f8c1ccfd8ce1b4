using System.Text;
using System.Text.Json;

namespace Spark.Notebooks.Tests;

public sealed class InspectingNodes : IDisposable
{
    readonly DirectoryInfo folder = Directory.CreateTempSubdirectory();

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void A_whole_model_has_no_problems()
    {
        Model("model.safetensors");
        var model = ModelFiles.Inspect(folder.FullName);
        Assert.Empty(model.Problems);
        Assert.Equal((2, 64), (model.Tensors, model.Weights.Bytes));
    }

    [Fact]
    public void A_truncated_file_is_found_by_what_its_header_promises()
    {
        Model("model.safetensors");
        using (var file = File.OpenWrite(At("model.safetensors")))
            file.SetLength(file.Length - 10);
        Assert.Contains("holds 54 B of tensors, its header promises 64 B", Assert.Single(ModelFiles.Inspect(folder.FullName).Problems), StringComparison.Ordinal);
    }

    [Fact]
    public void A_shard_that_the_index_names_and_nobody_has_is_missed()
    {
        Model("model-00001-of-00002.safetensors");
        File.WriteAllText(At("model.safetensors.index.json"), """{ "weight_map": { "a": "model-00001-of-00002.safetensors", "b": "model-00002-of-00002.safetensors" } }""");
        Assert.Equal(["model-00002-of-00002.safetensors is missing"], ModelFiles.Inspect(folder.FullName).Problems);
    }

    [Fact]
    public void A_pointer_to_a_file_elsewhere_is_no_model()
    {
        Model("model.safetensors");
        File.WriteAllText(At("model.safetensors"), "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 49307648\n");
        Assert.Contains("Git LFS pointer", Assert.Single(ModelFiles.Inspect(folder.FullName).Problems), StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_files_and_folders_are_named()
    {
        Model("model.safetensors");
        File.Delete(At("tokenizer.json"));
        Assert.Equal(["tokenizer.json is missing"], ModelFiles.Inspect(folder.FullName).Problems);
        Assert.Equal(["the folder does not exist"], ModelFiles.Inspect(At("nowhere")).Problems);
    }

    [Fact]
    public void Engines_of_others_are_left_over_and_our_own_are_not()
    {
        Process(10, parent: 1, "bash");
        Process(20, parent: 10, "dotnet", "/opt/Spark.Kernel.dll");
        Process(30, parent: 20, "dotnet", "/opt/spark-engine.dll", "serve", "m", "--served-model-name", "m", "run-mine");
        Process(40, parent: 1, "dotnet", "/opt/spark-engine.dll", "serve", "m", "--served-model-name", "m", "run-0badcafe");
        Process(50, parent: 1, "vim", "spark-engine.txt.bak");
        Process(60, parent: 1, "/opt/spark-engine", "measure", user: 7);
        var leftover = Assert.Single(LeftoverSearch.In(folder.FullName, own: 20));
        Assert.Equal(new(40, "run-0badcafe", 1), leftover);
    }

    [Theory]
    [InlineData("Max open files            1024                 1048576              files", 1024L, 1_048_576L)]
    [InlineData("Max open files            unlimited            unlimited            files", long.MaxValue, long.MaxValue)]
    public void The_limits_on_open_files_are_read(string line, long soft, long hard) => Assert.Equal(new(soft, hard), FileLimit.Parse(["Limit", line]));

    [Fact]
    public void Free_memory_is_what_the_kernel_holds_available() => Assert.Equal(2048, MemoryReading.Available(["MemTotal: 9 kB", "MemAvailable:   2 kB"]).Bytes);

    [Fact]
    public void A_core_brings_the_other_thread_of_its_physical_core_along() =>
        Assert.Equal([0, 1, 4, 5], CoreTopology.WithSiblings("0-1", core => $"{core},{core + 4}"));

    [Fact]
    public void The_clock_steps_by_less_than_a_millisecond() => Assert.InRange(ClockReading.StepNanoseconds(), 0.1, 1e6);

    string At(string file) => Path.Combine(folder.FullName, file);

    void Model(string weights)
    {
        foreach (var file in new[] { "config.json", "tokenizer.json", "tokenizer_config.json" })
            File.WriteAllText(At(file), "{}");
        var header = Encoding.UTF8.GetBytes(JsonSerializer.Serialize(new Dictionary<string, object>
        {
            ["__metadata__"] = new { format = "pt" },
            ["a"] = new { dtype = "BF16", shape = new[] { 16 }, data_offsets = new[] { 0, 32 } },
            ["b"] = new { dtype = "BF16", shape = new[] { 16 }, data_offsets = new[] { 32, 64 } },
        }));
        File.WriteAllBytes(At(weights), [.. BitConverter.GetBytes((long)header.Length), .. header, .. new byte[64]]);
    }

    void Process(int pid, int parent, params string[] arguments) => Process(pid, parent, 0, arguments);

    void Process(int pid, int parent, string program, string argument, int user) => Process(pid, parent, user, program, argument);

    void Process(int pid, int parent, int user, params string[] arguments)
    {
        var process = folder.CreateSubdirectory($"{pid}");
        File.WriteAllText(Path.Combine(process.FullName, "status"), $"Name:\tx\nPPid:\t{parent}\nUid:\t{user}\t{user}\t{user}\t{user}\n");
        File.WriteAllText(Path.Combine(process.FullName, "cmdline"), string.Join('\0', arguments) + '\0');
    }
}
