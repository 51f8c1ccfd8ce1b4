namespace Spark.Notebooks.Tests;

public class ReadingClusterFiles
{
    const string Node = """{ "name": "a", "cores": "0-1", "deviceMemory": "2GiB", "ports": "8100-8199" }""";

    [Fact]
    public async Task The_shipped_local_cluster_has_two_nodes_with_a_core_each()
    {
        var file = await ClusterFile.FindAsync("local");
        Assert.Equal(["node-0", "node-1"], file.Nodes.Select(node => node.Name));
        var (nodes, warnings) = Placement.OnThisMachine(file.Nodes, [4, 6], new("engine", []));
        Assert.Equal(["4", "6"], nodes.Select(node => node.Cores));
        Assert.Empty(warnings);
        Assert.True(File.Exists(Path.Combine(RepositoryRoot.Combine(file.Model), "config.json")));
    }

    [Fact]
    public async Task Comments_and_trailing_commas_are_allowed()
    {
        var file = await ReadAsync($$"""{ "model": "m", /* two */ "nodes": [ {{Node}}, ] } // end""");
        Assert.Equal("0-1", file.Nodes.Single().Cores);
    }

    [Theory]
    [InlineData("""{ "model": "m", "nodes": [] }""", "nodes")]
    [InlineData("""{ "nodes": [] }""", "model")]
    [InlineData("""{ "model": "m", "nodes": [], "cores": 2 }""", "cores")]
    [InlineData("""{ "model": "m", "nodes": null }""", "nodes")]
    [InlineData("""{ "model": "m", "nodes": [ { "name": "a", "cores": "0", "deviceMemory": "2GiB" } ] }""", "ports")]
    [InlineData("""{ "model": "m", "nodes": [ { "name": "a b", "cores": "0", "deviceMemory": "2GiB", "ports": "auto" } ] }""", "nodes[0].name: 'a b'")]
    [InlineData("""{ "model": "m", "nodes": [ { "name": "a", "cores": "0-", "deviceMemory": "2GiB", "ports": "auto" } ] }""", "nodes[0].cores: '0-'")]
    [InlineData("""{ "model": "m", "nodes": [ { "name": "a", "cores": 0, "deviceMemory": "2GiB", "ports": "auto" } ] }""", "nodes[0].cores")]
    [InlineData("""{ "model": "m", "nodes": [ { "name": "a", "cores": "0", "deviceMemory": "2 GB", "ports": "auto" } ] }""", "nodes[0].deviceMemory: '2 GB'")]
    [InlineData("""{ "model": "m", "nodes": [ { "name": "a", "cores": "0", "deviceMemory": "2GiB", "ports": "70000" } ] }""", "nodes[0].ports: '70000'")]
    [InlineData("""{ "model": "m", """, "LineNumber: 0")]
    public async Task A_wrong_field_is_named_together_with_the_file(string json, string named)
    {
        var error = await Assert.ThrowsAsync<InvalidDataException>(() => ReadAsync(json));
        Assert.Contains(".json: ", error.Message);
        Assert.Contains(named, error.Message);
    }

    [Fact]
    public async Task A_name_that_is_there_twice_is_refused()
    {
        var error = await Assert.ThrowsAsync<InvalidDataException>(() => ReadAsync($$"""{ "model": "m", "nodes": [ {{Node}}, {{Node}} ] }"""));
        Assert.Contains("nodes[0].name: 'a' is there twice", error.Message);
    }

    [Fact]
    public async Task A_cluster_that_does_not_exist_is_refused_with_those_that_do()
    {
        var error = await Assert.ThrowsAsync<FileNotFoundException>(() => Cluster.OpenAsync("nowhere"));
        Assert.Contains("nowhere", error.Message);
        Assert.Contains("local", error.Message);
    }

    static async Task<ClusterFile> ReadAsync(string json)
    {
        var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.json");
        await File.WriteAllTextAsync(path, json);
        try
        {
            return await ClusterFile.ReadAsync(path);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
