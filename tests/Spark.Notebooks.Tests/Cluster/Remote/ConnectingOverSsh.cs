namespace Spark.Notebooks.Tests;

public sealed class ConnectingOverSsh : IAsyncLifetime
{
    SshServer server = null!;

    public async ValueTask InitializeAsync() => server = await SshServer.StartAsync();

    public ValueTask DisposeAsync() => server?.DisposeAsync() ?? default;

    [Fact]
    public async Task Output_errors_and_exit_code_come_back_and_input_goes_there()
    {
        using var connection = await server.ConnectAsync();
        var result = await connection.RunAsync("cat; echo oh >&2; exit 3", "a\nb");
        Assert.Equal((3, "a\nb", "oh\n"), (result.ExitCode, result.Output, result.Errors));
    }

    [Fact]
    public async Task Hostile_words_arrive_as_they_were()
    {
        using var connection = await server.ConnectAsync();
        var word = "'; id; '$(id)`id`\\ \n\"*~🙂";
        Assert.Equal(word, (await connection.RunAsync($"printf %s {Shell.Quote(word)}")).Output);
    }

    [Fact]
    public async Task Ten_commands_share_one_connection()
    {
        using var connection = await server.ConnectAsync();
        for (var i = 0; i < 5; i++)
            Assert.Equal($"{i}\n", (await connection.RunAsync($"echo {i}")).Output);
        await Task.WhenAll(Enumerable.Range(0, 5).Select(i => connection.RunAsync($"echo {i}")));
        Assert.Equal(1, connection.Connects);
    }

    [Fact]
    public async Task A_connection_that_broke_is_opened_once_more()
    {
        using var connection = await server.ConnectAsync();
        await connection.RunAsync("true");
        await server.StopAsync();
        await server.ListenAsync();
        Assert.Equal("again\n", (await connection.RunAsync("echo again")).Output);
        Assert.Equal(2, connection.Connects);
    }

    [Fact]
    public async Task A_server_that_is_gone_is_named_with_its_address()
    {
        using var connection = await server.ConnectAsync();
        await connection.RunAsync("true");
        await server.StopAsync();
        var error = await RefusedAsync(connection);
        Assert.Matches($"^spark-0: .*{server.Port}", error);
    }

    [Fact]
    public async Task A_command_that_takes_too_long_is_given_up()
    {
        using var connection = await server.ConnectAsync();
        var error = await Assert.ThrowsAsync<NodeConnectionException>(() => connection.RunAsync("exec sleep 60", timeout: TimeSpan.FromMilliseconds(300)));
        Assert.Contains("did not answer within", error.Message);
    }

    [Fact]
    public async Task An_unknown_host_key_is_refused_with_its_fingerprint_and_the_command_that_accepts_it()
    {
        File.Delete(server.KnownHosts);
        using var connection = await server.ConnectAsync();
        var error = await RefusedAsync(connection);
        Assert.Contains(Fingerprint(server.HostKey), error);
        var command = error[error.IndexOf("ssh -o", StringComparison.Ordinal)..];
        // The prompt of ssh is for a person; this answers it.
        SshServer.Run("/bin/sh", "-c", command.Replace("ssh ", $"ssh -o StrictHostKeyChecking=accept-new -o BatchMode=yes -i {server.Key} ", StringComparison.Ordinal));
        Assert.Equal("ok\n", (await connection.RunAsync("echo ok")).Output);
    }

    [Fact]
    public async Task A_changed_host_key_is_refused_with_the_command_that_forgets_the_old_one()
    {
        SshServer.MakeKey(Path.Combine(server.Folder, "other"));
        File.WriteAllText(server.KnownHosts, $"[127.0.0.1]:{server.Port} {File.ReadAllText(Path.Combine(server.Folder, "other.pub"))}");
        using var connection = await server.ConnectAsync();
        var error = await RefusedAsync(connection);
        Assert.Contains("has changed", error);
        Assert.Contains($"ssh-keygen -R '[127.0.0.1]:{server.Port}' -f '{server.KnownHosts}'", error);
    }

    [Fact]
    public async Task A_revoked_host_key_is_refused()
    {
        File.WriteAllText(server.KnownHosts, $"@revoked * {File.ReadAllText($"{server.HostKey}.pub")}[127.0.0.1]:{server.Port} {File.ReadAllText($"{server.HostKey}.pub")}");
        using var connection = await server.ConnectAsync();
        Assert.Contains("revoked", await RefusedAsync(connection));
    }

    [Fact]
    public async Task Hashed_names_in_known_hosts_are_found()
    {
        SshServer.Run("ssh-keygen", "-q", "-H", "-f", server.KnownHosts);
        Assert.StartsWith("|1|", File.ReadAllText(server.KnownHosts));
        using var connection = await server.ConnectAsync();
        Assert.Equal(0, (await connection.RunAsync("true")).ExitCode);
    }

    [Fact]
    public async Task A_pinned_fingerprint_goes_before_known_hosts()
    {
        File.Delete(server.KnownHosts);
        using var right = await server.ConnectAsync(machine => machine with { HostKey = Fingerprint(server.HostKey) });
        Assert.Equal(0, (await right.RunAsync("true")).ExitCode);

        server.Trust();
        using var wrong = await server.ConnectAsync(machine => machine with { HostKey = Fingerprint(server.Key) });
        var error = await RefusedAsync(wrong);
        Assert.Contains($"is {Fingerprint(server.HostKey)}, the cluster's file says {Fingerprint(server.Key)}", error);
    }

    [Fact]
    public async Task A_key_that_the_server_does_not_know_is_refused_with_the_command_that_takes_it_there()
    {
        SshServer.MakeKey(Path.Combine(server.Folder, "stranger"));
        using var connection = await server.ConnectAsync(machine => machine with { IdentityFile = Path.Combine(server.Folder, "stranger") });
        Assert.Contains($"ssh-copy-id -p {server.Port}", await RefusedAsync(connection));
    }

    [Theory]
    [InlineData("ed25519")]
    [InlineData("rsa")]
    public async Task A_key_with_a_passphrase_is_read_with_it_and_named_without(string type)
    {
        var key = Path.Combine(server.Folder, $"locked-{type}");
        SshServer.MakeKey(key, type, "open sesame");
        File.AppendAllText(Path.Combine(server.Folder, "authorized_keys"), File.ReadAllText($"{key}.pub"));
        using var connection = await server.ConnectAsync(machine => machine with { IdentityFile = key });
        Assert.Contains($"{key} has a passphrase: set SPARK_SSH_PASSPHRASE", await RefusedAsync(connection));
        Environment.SetEnvironmentVariable("SPARK_SSH_PASSPHRASE", "open sesame");
        try
        {
            Assert.Equal(0, (await connection.RunAsync("true")).ExitCode);
        }
        finally
        {
            Environment.SetEnvironmentVariable("SPARK_SSH_PASSPHRASE", null);
        }
    }

    [Fact]
    public async Task An_alias_of_the_ssh_configuration_says_where_and_as_whom()
    {
        File.AppendAllText(server.Config, $"Host mine\n  HostName 127.0.0.1\n  Port {server.Port}\n  User {Environment.UserName}\n  IdentityFile {server.Key}\n");
        using var connection = await server.ConnectAsync(machine => machine with { Host = "mine", Port = null, IdentityFile = null });
        Assert.Equal($"{Environment.UserName}\n", (await connection.RunAsync("id -un")).Output);
    }

    static string Fingerprint(string key) => SshServer.Run("ssh-keygen", "-l", "-f", $"{key}.pub").Split(' ')[1];

    static async Task<string> RefusedAsync(SshConnection connection) => (await Assert.ThrowsAsync<NodeConnectionException>(() => connection.RunAsync("true"))).Message;
}
