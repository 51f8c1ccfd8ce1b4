using System.Text;
using System.Text.Json;

namespace Spark.Engine.Tests;

public sealed class ReadingTransferSettings
{
    [Fact]
    public void NixlConnectors_own_json_and_variables_are_understood()
    {
        var config = KvTransferConfig.Parse(
            """{"kv_connector":"NixlConnector","kv_role":"kv_producer","engine_id":"e","kv_buffer_device":"cuda","kv_load_failure_policy":"fail","kv_connector_extra_config":{"backends":["UCX"],"num_threads":2,"transport":"shm","kv_lease_duration":30}}""",
            new Dictionary<string, string> { ["VLLM_NIXL_SIDE_CHANNEL_HOST"] = "10.0.0.1", ["VLLM_NIXL_SIDE_CHANNEL_PORT"] = "5601" }.GetValueOrDefault);
        Assert.Equal(("e", "shm", true, 2, TimeSpan.FromSeconds(30)), (config.EngineId, config.Transport, config.FailOnLoadError, config.NumThreads, config.Lease));
        Assert.Equal(("10.0.0.1", 5601), (config.SideChannelHost, config.SideChannelPort));
    }

    [Fact]
    public void Defaults_are_those_of_vllm_013()
    {
        var config = KvTransferConfig.Parse("""{"kv_connector":"NixlConnector","kv_role":"kv_both"}""", _ => null);
        Assert.Equal(("tcp", false, true, TimeSpan.FromSeconds(480)), (config.Transport, config.FailOnLoadError, config.EnforceHandshakeCompat, config.Lease));
        Assert.Equal(("localhost", 5600), (config.SideChannelHost, config.SideChannelPort));
        Assert.NotEqual(config.EngineId, KvTransferConfig.Parse("""{"kv_connector":"NixlConnector","kv_role":"kv_both"}""", _ => null).EngineId);
    }

    [Theory]
    [InlineData("not json", "not a JSON object")]
    [InlineData("[]", "not a JSON object")]
    [InlineData("{}", "'kv_connector'")]
    [InlineData("""{"kv_connector":"MooncakeConnector","kv_role":"kv_both"}""", "'MooncakeConnector'")]
    [InlineData("""{"kv_connector":"NixlConnector"}""", "'kv_role'")]
    [InlineData("""{"kv_connector":"NixlConnector","kv_role":"kv_both","kv_load_failure_policy":"retry"}""", "recompute or fail")]
    [InlineData("""{"kv_connector":"NixlConnector","kv_role":"kv_both","kv_connector_extra_config":{"transport":"rdma"}}""", "tcp or shm")]
    public void What_is_wrong_is_named(string json, string named) =>
        Assert.Contains(named, Assert.Throws<FormatException>(() => KvTransferConfig.Parse(json, _ => null)).Message, StringComparison.Ordinal);

    [Fact]
    public void Params_of_other_versions_are_tolerated()
    {
        using var json = JsonDocument.Parse("""{"do_remote_prefill":true,"remote_block_ids":[[1,2],[3]],"remote_engine_id":"e","remote_request_id":"r","remote_host":"h","remote_port":1,"tp_size":1,"remote_num_tokens":40,"transfer_mode":"pull","pp_size":null}""");
        var transfer = KvTransferParams.Read(json.RootElement);
        Assert.Equal([1, 2, 3], transfer.RemoteBlockIds);
        Assert.True(transfer.NamesItsSource);
    }

    [Fact]
    public void Params_are_written_as_vllm_013_writes_them()
    {
        var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
            new KvTransferParams { DoRemotePrefill = true, RemoteBlockIds = [12, 13], RemoteEngineId = "e", RemoteRequestId = "cmpl-x-0", RemoteHost = "h", RemotePort = 5600 }.Write(json);
        Assert.Equal("""{"do_remote_prefill":true,"do_remote_decode":false,"remote_block_ids":[12,13],"remote_engine_id":"e","remote_request_id":"cmpl-x-0","remote_host":"h","remote_port":5600,"tp_size":1}""", Encoding.UTF8.GetString(bytes.ToArray()));
    }

    [Fact]
    public void Identities_that_are_equal_hash_equally_and_others_name_their_differences()
    {
        var here = new KvIdentity { Model = "m", Weights = "checkpoint", Layers = 2, KvHeads = 2, HeadDim = 16, BlockSize = 16, CacheDtype = "bfloat16" };
        Assert.Equal(here.Hash, (here with { }).Hash);
        Assert.Equal("", here.Differences(here with { }));
        Assert.NotEqual(here.Hash, (here with { KvHeads = 4 }).Hash);
        Assert.Equal("Model (m here, n there), KvHeads (2 here, 4 there)", here.Differences(here with { Model = "n", KvHeads = 4 }));
    }
}
