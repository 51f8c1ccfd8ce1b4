namespace Spark.Notebooks.Tests;

public class BuildingVllmCommands
{
    const string Flags = "--gpu-memory-utilization 0.3 --kv-cache-dtype auto --seed 0 --enable-prompt-tokens-details --kv-transfer-config ";

    [Theory]
    [InlineData("0.13.0", EngineRole.Prefill, "VLLM_NIXL_ABORT_REQUEST_TIMEOUT=60 \\\n  VLLM_NIXL_SIDE_CHANNEL_HOST=192.168.100.10 \\\n  VLLM_NIXL_SIDE_CHANNEL_PORT=8101 \\\n  ",
        """'{"kv_connector":"NixlConnector","kv_role":"kv_producer","kv_load_failure_policy":"fail","kv_buffer_device":"cuda"}'""")]
    [InlineData("0.27.1", EngineRole.Decode, "VLLM_NIXL_SIDE_CHANNEL_HOST=192.168.100.10 \\\n  VLLM_NIXL_SIDE_CHANNEL_PORT=8101 \\\n  ",
        """'{"kv_connector":"NixlConnector","kv_role":"kv_consumer","kv_load_failure_policy":"fail","kv_buffer_device":"cuda","kv_connector_extra_config":{"kv_lease_duration":60}}'""")]
    public async Task The_whole_command_is_as_this_version_takes_it(string version, EngineRole role, string variables, string config)
    {
        var file = await ClusterFile.FindAsync("spark");
        var command = new SshNode(file.Machines[0], file).Complete(new() { Model = file.Model, ServedModelNames = ["llama", "run-1"], Knobs = new(), Role = role, Port = 8100, SideChannelPort = 8101 }, VllmVersion.Parse(version));
        Assert.Equal(
            $"UCX_NET_DEVICES=rocep1s0f1:1 \\\n  UCX_RCACHE_MAX_UNRELEASED=1024 \\\n  UCX_TLS=rc,ud,sm,self,tcp,^cuda_ipc \\\n  {variables}"
            + $"vllm serve meta-llama/Llama-3.1-8B-Instruct --host 192.168.100.10 --port 8100 --served-model-name llama run-1 {Flags}{config}",
            command.ToShell());
    }

    [Theory]
    [InlineData("0.13.0\n", "0.13.0")]
    [InlineData("INFO 11-23 [__init__.py:1] Automatically detected platform cuda.\nvllm 0.27.1+cu130\n", "0.27.1")]
    [InlineData("v0.14.0rc2", "0.14.0")]
    public void Versions_are_read_as_vLLM_prints_them(string output, string version) => Assert.Equal(version, $"{VllmVersion.Parse(output)}");

    [Fact]
    public void A_version_that_is_too_old_or_none_is_refused()
    {
        Assert.Contains("0.12.1 is too old", Assert.Throws<NotSupportedException>(() => VllmVersion.Parse("0.12.1")).Message);
        Assert.Throws<FormatException>(() => VllmVersion.Parse("Illegal instruction"));
    }

    [Fact]
    public async Task Commands_for_every_role_are_shown_without_asking_a_machine()
    {
        var shown = await VllmCommands.ShowAsync("spark", "0.13.0", "0.27.1");
        Assert.Equal(6, shown.Split('\n').Count(line => line.StartsWith("# vLLM", StringComparison.Ordinal)));
        Assert.Contains("# vLLM 0.27.1, decode on spark-1", shown);
        Assert.Contains("~/vllm/bin/vllm serve meta-llama/Llama-3.1-8B-Instruct --host 192.168.100.11", shown);
    }

    [Fact]
    public void The_embedded_engine_holds_what_nobody_fetches_as_briefly() =>
        Assert.Equal("60", new ServeCommand { Model = "m", ServedModelNames = ["m"], Knobs = new(), Role = EngineRole.Prefill, SideChannelPort = 1 }.Environment["VLLM_NIXL_ABORT_REQUEST_TIMEOUT"]);

    [Fact]
    public async Task Over_tcp_nothing_of_RDMA_is_left()
    {
        var file = await ClusterFile.FindAsync("spark");
        var command = new SshNode(file.Machines[0], file).Complete(new() { Model = file.Model, ServedModelNames = ["m"], Knobs = new() { Transport = "tcp" }, Role = EngineRole.Decode, SideChannelPort = 1 }, VllmVersion.Parse("0.13.0"));
        Assert.Equal(("tcp,sm,self,cuda_copy", "enp1s0f1np1"), (command.Environment["UCX_TLS"], command.Environment["UCX_NET_DEVICES"]));
    }

    [Fact]
    public async Task A_transport_that_a_node_does_not_have_is_refused_with_those_it_has()
    {
        var file = await ClusterFile.FindAsync("spark");
        var error = Assert.Throws<ArgumentException>(() => new SshNode(file.Machines[0], file).Resolve("shm"));
        Assert.Contains("shm, which spark-0 does not have: use auto, rdma or tcp", error.Message);
    }

    [Fact]
    public async Task What_vLLM_does_not_have_is_refused_by_name()
    {
        var file = await ClusterFile.FindAsync("spark");
        var command = new ServeCommand { Model = "m", ServedModelNames = ["m"], Knobs = new() { KvCacheDtype = "float32" } };
        Assert.Contains("KvCacheDtype", Assert.Throws<ArgumentException>(() => new SshNode(file.Machines[0], file).Complete(command, VllmVersion.Parse("0.13.0"))).Message);
    }
}
