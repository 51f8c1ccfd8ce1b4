using System.Collections;

namespace Spark.Notebooks.Tests;

public sealed class ReadingMachines : IDisposable
{
    const string Machine = "\"name\": \"a\", \"host\": \"10.0.0.1\", \"fabricAddress\": \"10.0.0.1\", \"fabricInterface\": \"eth0\", \"ports\": \"8100-8119\"";
    readonly string folder = Directory.CreateTempSubdirectory("spark-clusters-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task The_shipped_spark_cluster_has_two_machines_and_no_secret()
    {
        var file = await ClusterFile.FindAsync("spark");
        Assert.Equal([("spark-0", "192.168.100.10"), ("spark-1", "192.168.100.11")], file.Machines.Select(machine => (machine.Name, machine.FabricAddress)));
        Assert.Empty(file.Nodes);
        Assert.Equal((8120, 8139), (PortRange.Parse(file.Machines[0].Ports).ForSeat(1).First, PortRange.Parse(file.Machines[0].Ports).ForSeat(1).Last));
    }

    [Theory]
    [InlineData("\"port\": 0", "machines[0].port: 0")]
    [InlineData("\"port\": \"ssh\"", "machines[0].port")]
    [InlineData("\"user\": \"-oProxyCommand=x\"", "machines[0].user")]
    [InlineData("\"host\": \"-oProxyCommand=x\"", "machines[0].host")]
    [InlineData("\"hostKey\": \"SHA256:short\"", "machines[0].hostKey: 'SHA256:short'")]
    [InlineData("\"fabricAddress\": \"spark\"", "machines[0].fabricAddress: 'spark'")]
    [InlineData("\"serveAddress\": \"0.0.0.0.0\"", "machines[0].serveAddress")]
    [InlineData("\"fabricInterface\": \"a b\"", "machines[0].fabricInterface")]
    [InlineData("\"ports\": \"auto\"", "machines[0].ports")]
    [InlineData("\"cores\": \"0\"", "cores")]
    public async Task A_wrong_field_of_a_machine_is_named(string field, string named)
    {
        var error = await Assert.ThrowsAsync<InvalidDataException>(() => ReadAsync($$"""{ "model": "m", "machines": [ { {{Machine}}, {{field}} } ] }"""));
        Assert.Contains("cluster.json: ", error.Message);
        Assert.Contains(named, error.Message);
    }

    [Theory]
    [InlineData("\"seat\": 10", "seat: 10")]
    [InlineData("\"watchdogSeconds\": 1", "watchdogSeconds: 1")]
    [InlineData("\"vllm\": { \"kvBufferDevice\": \"disk\" }", "vllm.kvBufferDevice: 'disk'")]
    [InlineData("\"vllm\": { \"environment\": { \"HF_TOKEN\": \"hf_x\" } }", "vllm.environment.HF_TOKEN: secrets")]
    [InlineData("\"vllm\": { \"environment\": { \"A;B\": \"\" } }", "vllm.environment.A;B")]
    [InlineData("\"nodes\": [ { \"name\": \"b\", \"cores\": \"0\", \"deviceMemory\": \"2GiB\", \"ports\": \"auto\" } ]", "nodes: a cluster has")]
    public async Task A_wrong_field_of_the_cluster_is_named(string field, string named)
    {
        var error = await Assert.ThrowsAsync<InvalidDataException>(() => ReadAsync($$"""{ "model": "m", "machines": [ { {{Machine}} } ], {{field}} }"""));
        Assert.Contains(named, error.Message);
        Assert.DoesNotContain("hf_x", error.Message);
    }

    [Fact]
    public async Task Later_sources_replace_single_fields_of_earlier_ones()
    {
        var sources = new ClusterSources();
        await sources.AddFileAsync(RepositoryRoot.Combine("data/clusters/spark.json"), default);
        await sources.AddFileAsync(await WriteAsync("""{ "seat": 2, "machines": [ {}, { "host": "spark-b.local", "user": "ada" } ], "vllm": { "environment": { "UCX_TLS": "tcp" } } }"""), default);
        sources.AddVariables("spark", new Hashtable { ["SPARK__seat"] = "3", ["SPARK__MACHINES__1__User"] = "eve", ["SPARK__machines__0__port"] = "2222", ["SPARKLE__seat"] = "9" });
        Assert.Equal("3", $"{sources.Fields["seat"]}");
        Assert.Equal(("192.168.100.10", "2222"), ($"{sources.Fields["machines"]![0]!["host"]}", $"{sources.Fields["machines"]![0]!["port"]}"));
        Assert.Equal(("spark-b.local", "eve", "192.168.100.11"), ($"{sources.Fields["machines"]![1]!["host"]}", $"{sources.Fields["machines"]![1]!["user"]}", $"{sources.Fields["machines"]![1]!["fabricAddress"]}"));
        Assert.Equal("tcp", $"{sources.Fields["vllm"]!["environment"]!["UCX_TLS"]}");
        Assert.EndsWith("with SPARK__MACHINES__1__User with SPARK__machines__0__port with SPARK__seat", $"{sources}");
    }

    [Theory]
    [InlineData("SPARK__machines__2__host")]
    [InlineData("SPARK__machines__0")]
    [InlineData("SPARK__model__name")]
    public async Task A_variable_that_names_no_field_is_refused(string name)
    {
        var sources = new ClusterSources();
        await sources.AddFileAsync(RepositoryRoot.Combine("data/clusters/spark.json"), default);
        Assert.Contains(name, Assert.Throws<InvalidDataException>(() => sources.AddVariables("spark", new Hashtable { [name] = "x" })).Message);
    }

    [Fact]
    public async Task Secrets_are_read_from_a_file_that_only_its_owner_may_read_and_are_never_printed()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no file modes.");
            return;
        }

        var path = await WriteAsync("# mine\nHF_TOKEN = hf_secret\nVLLM_API_KEY=from-the-file\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var secrets = NodeSecrets.Read(path, name => name == "VLLM_API_KEY" ? "from-the-environment" : null);
        Assert.Equal(("hf_secret", "from-the-environment"), (secrets.Variables["HF_TOKEN"], secrets.ApiKey));
        Assert.DoesNotContain("secret", $"{secrets}");

        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        Assert.Contains("chmod 600", Assert.Throws<InvalidDataException>(() => NodeSecrets.Read(path, _ => null)).Message);
    }

    async Task<ClusterFile> ReadAsync(string json) => await ClusterFile.ReadAsync(await WriteAsync(json));

    async Task<string> WriteAsync(string text)
    {
        var path = Path.Combine(folder, "cluster.json");
        await File.WriteAllTextAsync(path, text);
        return path;
    }
}
