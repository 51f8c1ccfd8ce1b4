using System.Text.Json;
using Microsoft.Extensions.Time.Testing;

namespace Spark.Notebooks.Tests;

public sealed class ResultFiles : IDisposable
{
    readonly TemporaryFolder temporary = new();
    readonly string folder;
    readonly ResultStore store;

    public ResultFiles() => store = new(folder = Path.Combine(temporary.Path, "results"), new FakeTimeProvider(DateTimeOffset.UnixEpoch));

    public void Dispose() => temporary.Dispose();

    [Fact]
    public void What_was_saved_is_loaded_with_every_repeat()
    {
        var saved = Save();
        var loaded = store.Load("01");

        Assert.Equal(new FileInfo(saved.Path).Length, saved.Size.Bytes);
        Assert.EndsWith("6 series, 56 values", saved.ToText(), StringComparison.Ordinal);
        Assert.Equal(("01", "local"), (loaded.Lesson, loaded.Cluster));
        Assert.Equal(Machine.Here, loaded.Machine);
        Assert.Equal(DateTimeOffset.UnixEpoch, loaded.SavedAt);
        Assert.Equal("0.1.0", loaded.Versions["spark-engine"]);
        Assert.Equal(0.3, loaded.Knobs.GetProperty("gpuMemoryUtilization").GetDouble());
        Assert.Equal(235e9, loaded.Facts.GetProperty("flopPerSecond").GetDouble());
        Assert.Equal(Samples.Sweep("TTFT", 16, 128).Points.Select(point => point.Latency.Values), loaded["TTFT"].Points.Select(point => point.Values));
        Assert.Equal(Samples.Runs[3].OutputTokensPerSecond.Median, loaded["continuous: output throughput"].At(8).Median, 9);
    }

    [Fact]
    public void A_file_tells_machine_versions_units_and_provenance_to_whoever_opens_it()
    {
        using var json = JsonDocument.Parse(File.ReadAllText(Save().Path));
        var root = json.RootElement;
        Assert.All(["cpu", "logicalCores", "os", "runtime", "simdBits"], field => Assert.True(root.GetProperty("machine").TryGetProperty(field, out _), field));
        Assert.All(root.GetProperty("series").EnumerateArray(), series =>
        {
            Assert.NotEmpty(series.GetProperty("unit").GetString()!);
            Assert.NotEmpty(series.GetProperty("x").GetString()!);
            Assert.StartsWith("Measured", series.GetProperty("provenance").GetString(), StringComparison.Ordinal);
            Assert.All(series.GetProperty("points").EnumerateArray(), point => Assert.True(point.GetProperty("min").GetDouble() <= point.GetProperty("median").GetDouble()));
        });
    }

    [Fact]
    public void Saving_again_replaces_the_file_and_leaves_nothing_else()
    {
        Save();
        Save();
        Assert.Equal([Path.Combine(folder, "01.json")], Directory.GetFiles(folder));
    }

    [Fact]
    public void A_failed_write_leaves_the_old_file_as_it_was()
    {
        var path = Save().Path;
        var before = File.ReadAllText(path);
        Assert.ThrowsAny<Exception>(() => store.Save("01", "local", new Dictionary<string, string>(), new { }, new { value = double.NaN }, []));
        Assert.Equal(before, File.ReadAllText(path));
        Assert.Single(Directory.GetFiles(folder));
    }

    [Fact]
    public void A_module_that_was_not_run_is_named() =>
        Assert.Contains("Module 03 has no results yet", Assert.Throws<FileNotFoundException>(() => store.Load("03")).Message, StringComparison.Ordinal);

    [Fact]
    public void A_broken_file_is_named()
    {
        File.WriteAllText(Save().Path, "{");
        Assert.Contains("run module 01 again", Assert.Throws<InvalidDataException>(() => store.Load("01")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_series_or_a_point_that_is_missing_is_named_with_those_there_are()
    {
        Save();
        var loaded = store.Load("01");
        Assert.Contains("TTFT", Assert.Throws<KeyNotFoundException>(() => loaded["E2EL"]).Message, StringComparison.Ordinal);
        Assert.Contains("16, 128", Assert.Throws<KeyNotFoundException>(() => loaded["TTFT"].At(17)).Message, StringComparison.Ordinal);
    }

    SavedResults Save() => store.Save(
        "01",
        "local",
        new Dictionary<string, string> { ["spark-engine"] = "0.1.0" },
        new Knobs { GpuMemoryUtilization = 0.3 },
        Samples.Roofline,
        [Samples.Sweep("TTFT", 16, 128).ToSeries(), .. Samples.Runs.ToSeries("continuous")]);
}
