using System.Net.Sockets;
using System.Text;
using Renci.SshNet;
using Renci.SshNet.Common;

namespace Spark.Notebooks;

/// <summary>One connection to a machine, opened when it is needed and once more when it broke. The only place that knows SSH.NET, which by itself would trust every host key.</summary>
internal sealed class SshConnection(SshDestination destination) : IDisposable
{
    const string PassphraseVariable = "SPARK_SSH_PASSPHRASE";
    static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);
    static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(10);
    static readonly TimeSpan CommandTimeout = TimeSpan.FromSeconds(30);

    readonly SemaphoreSlim gate = new(1);
    SshClient? client;
    bool disposed;

    /// <summary>How often it was opened.</summary>
    public int Connects { get; private set; }

    /// <summary>Runs a command of a POSIX shell to its end.</summary>
    /// <exception cref="NodeConnectionException">The machine cannot be reached, is not trusted, refuses, or did not finish in time.</exception>
    public async Task<RemoteResult> RunAsync(string command, string input = "", TimeSpan? timeout = null, CancellationToken cancellation = default)
    {
        // The command sees the end of its input by the number of bytes: SSH.NET does not always tell it.
        var bytes = Encoding.UTF8.GetByteCount(input);
        using var channel = await StartAsync(bytes == 0 ? $"{{ {command}\n}} </dev/null" : $"head -c {bytes} | {{ {command}\n}}", cancellation);
        try
        {
            if (bytes > 0)
                await channel.SendAsync(input);
            using var reader = new StreamReader(channel.Output);
            var output = reader.ReadToEndAsync(cancellation);
            var ended = await channel.Ended.WaitAsync(timeout ?? CommandTimeout, cancellation);
            return ended with { Output = await output };
        }
        catch (TimeoutException error)
        {
            Forget(client);
            throw new NodeConnectionException(destination.Node, $"it did not answer within {(timeout ?? CommandTimeout).TotalSeconds:0} s. Is it overloaded, or the network down? Try: ssh -p {destination.Port} {destination.User}@{destination.Host} uptime", error);
        }
    }

    /// <summary>Starts a command whose input, output and end are the caller's to follow.</summary>
    /// <exception cref="NodeConnectionException">As for <see cref="RunAsync"/>.</exception>
    public async Task<RemoteChannel> StartAsync(string command, CancellationToken cancellation = default)
    {
        for (var attempt = 1; ; attempt++)
        {
            var connected = await ConnectedAsync(cancellation);
            try
            {
                // SSH.NET opens the channel before it returns the task.
                return await Task.Run(() => Start(connected, command), cancellation);
            }
            catch (Exception error) when (IsBroken(error))
            {
                Forget(connected);
                if (attempt == 2)
                    throw Lost(error);
            }
        }
    }

    public void Dispose()
    {
        disposed = true;
        Forget(client);
    }

    RemoteChannel Start(SshClient connected, string command)
    {
        var running = connected.CreateCommand(command);
        running.CommandTimeout = Timeout.InfiniteTimeSpan;
        var ended = EndedAsync(connected, running, running.ExecuteAsync());
        // A failure that nobody waits for any more is none.
        _ = ended.ContinueWith(task => task.Exception, TaskContinuationOptions.OnlyOnFaulted);
        // Not before it is wanted: a command that has ended by then has no input to be had.
        Stream? input = null;
        return new(SendAsync, Close, running.OutputStream, ended);

        async Task SendAsync(string text)
        {
            try
            {
                input ??= running.CreateInputStream();
                await input.WriteAsync(Encoding.UTF8.GetBytes(text));
                await input.FlushAsync();
            }
            catch (Exception error) when (IsBroken(error) || error is InvalidOperationException)
            {
                throw Lost(error);
            }
        }

        // Of a connection that broke there is no input left to close.
        void Close() => Task.Run(() => input?.Dispose());
    }

    async Task<RemoteResult> EndedAsync(SshClient connected, SshCommand running, Task execution)
    {
        try
        {
            await execution;
            return running.ExitStatus is { } code ? new((int)code, "", running.Error) : throw new SshConnectionException($"The command ended without an exit code{(running.ExitSignal is { } signal ? $", by signal {signal}" : "")}.");
        }
        catch (Exception error) when (IsBroken(error))
        {
            Forget(connected);
            throw Lost(error);
        }
    }

    async Task<SshClient> ConnectedAsync(CancellationToken cancellation)
    {
        await gate.WaitAsync(cancellation);
        try
        {
            if (disposed)
                throw new NodeConnectionException(destination.Node, $"the connection to {destination} is closed.");
            // A broken one is found by using it: SSH.NET's IsConnected can say no of a healthy one that is busy.
            if (client is not null)
                return client;
            client = await ConnectAsync(cancellation);
            Connects++;
            return client;
        }
        finally
        {
            gate.Release();
        }
    }

    async Task<SshClient> ConnectAsync(CancellationToken cancellation)
    {
        var keys = Keys();
        var opening = new SshClient(new ConnectionInfo(destination.Host, destination.Port, destination.User, new PrivateKeyAuthenticationMethod(destination.User, keys)) { Timeout = ConnectTimeout });
        var policy = new HostKeyPolicy(destination);
        foreach (var (place, algorithm) in policy.Preferred.Where(opening.ConnectionInfo.HostKeyAlgorithms.ContainsKey).Index())
            opening.ConnectionInfo.HostKeyAlgorithms.SetPosition(algorithm, place);
        string? refusal = null;
        opening.HostKeyReceived += (_, key) => key.CanTrust = (refusal = policy.Refuse(key.HostKeyName, key.HostKey)) is null;
        opening.KeepAliveInterval = KeepAlive;
        try
        {
            await opening.ConnectAsync(cancellation);
            return opening;
        }
        catch (Exception error) when (error is SshException or SocketException or TimeoutException or IOException or ObjectDisposedException)
        {
            opening.Dispose();
            throw new NodeConnectionException(destination.Node, refusal ?? Explain(error), error);
        }
    }

    IPrivateKeySource[] Keys()
    {
        var files = destination.IdentityFiles.Where(File.Exists).ToArray();
        if (files.Length == 0)
            throw new NodeConnectionException(destination.Node, $"there is no private key at {string.Join(" or ", destination.IdentityFiles)}. Make one and take it there: ssh-keygen -t ed25519 && ssh-copy-id -p {destination.Port} {destination.User}@{destination.Host}");
        var (keys, problems) = (new List<IPrivateKeySource>(), new List<string>());
        foreach (var file in files)
        {
            try
            {
                keys.Add(new PrivateKeyFile(file, Environment.GetEnvironmentVariable(PassphraseVariable)));
            }
            catch (SshPassPhraseNullOrEmptyException)
            {
                problems.Add($"{file} has a passphrase: set {PassphraseVariable} to it");
            }
            catch (Exception error) when (error is SshException or IOException or UnauthorizedAccessException or NotSupportedException or InvalidOperationException or ArgumentException)
            {
                problems.Add($"{file} cannot be read ({error.Message.TrimEnd('.')}); a wrong {PassphraseVariable} has this effect, too");
            }
        }
        return keys.Count > 0 ? [.. keys] : throw new NodeConnectionException(destination.Node, $"{string.Join("; ", problems)}.");
    }

    string Explain(Exception error) => error switch
    {
        SshAuthenticationException => $"it does not accept the key {string.Join(" or ", destination.IdentityFiles.Where(File.Exists))} for {destination.User}. Take it there: ssh-copy-id -p {destination.Port} {destination.User}@{destination.Host}",
        SocketException => $"{destination.Host} port {destination.Port} cannot be reached: {error.Message}. Is the machine on, the cable in, sshd running? The address is host in the cluster's file.",
        _ => $"the connection to {destination} failed: {error.Message}",
    };

    NodeConnectionException Lost(Exception error) => new(destination.Node, $"the connection to {destination} was lost: {error.Message}", error);

    static bool IsBroken(Exception error) => error is SshException or SocketException or IOException or ObjectDisposedException;

    void Forget(SshClient? broken)
    {
        if (broken is null)
            return;
        Interlocked.CompareExchange(ref client, null, broken);
        _ = Task.Run(broken.Dispose);
    }
}
