using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Spark.Notebooks;

/// <summary>This process's hand on one machine: <c>agent.sh</c> there, a seat held, and heartbeats that keep alive what is started. One for a machine, whoever asks.</summary>
internal sealed class RemoteAgent : IAsyncDisposable
{
    const string ScriptName = "agent.sh";
    // The process, not this copy of the library: a kernel that runs notebooks one after the other loads one for each, and the seat stays its own.
    static readonly string Controller = $"{Clean(Environment.MachineName)}-{Environment.ProcessId}-{Started():x}";
    static readonly Dictionary<string, Task<RemoteAgent>> Shared = [];

    readonly SshConnection connection;
    readonly SshDestination destination;
    readonly int seat;
    readonly CancellationTokenSource closing = new();
    readonly Dictionary<string, Task<string>> installed = [];
    string path = "";
    Task beating = Task.CompletedTask;

    RemoteAgent(SshDestination destination, int seat, TimeSpan watchdog)
    {
        (this.destination, this.seat, Watchdog) = (destination, seat, watchdog);
        connection = new(destination);
    }

    /// <summary>Silence of this side after which the machine ends what was started.</summary>
    public TimeSpan Watchdog { get; }

    /// <summary>The user's home directory and search path there.</summary>
    public string Home { get; private set; } = "";
    public string SearchPath { get; private set; } = "";

    /// <summary>Opens the connection and takes the seat, or gives what an earlier call has opened.</summary>
    /// <exception cref="NodeConnectionException">The machine cannot be reached, or another participant has the seat.</exception>
    public static async Task<RemoteAgent> OpenAsync(MachineSettings machine, ClusterFile file, CancellationToken cancellation)
    {
        var destination = await SshDestination.ResolveAsync(machine, file.SshConfig, cancellation);
        Task<RemoteAgent>? opening;
        var key = $"{destination} {destination.PinnedKey} {file.Seat} {file.WatchdogSeconds}";
        lock (Shared)
        {
            if (!Shared.TryGetValue(key, out opening) || opening.IsFaulted || opening.IsCompletedSuccessfully && opening.Result.closing.IsCancellationRequested)
                Shared[key] = opening = new RemoteAgent(destination, file.Seat, TimeSpan.FromSeconds(file.WatchdogSeconds)).BeginAsync();
        }
        return await opening.WaitAsync(cancellation);
    }

    /// <summary>Starts a run: <paramref name="words"/> with <paramref name="variables"/>, which travel on standard input and so in no command line.</summary>
    /// <returns>Its pid there.</returns>
    public async Task<int> StartAsync(string run, IEnumerable<string> words, IEnumerable<KeyValuePair<string, string>> variables, CancellationToken cancellation) =>
        int.Parse(await AskAsync(["start", run, Controller, Seconds, .. words], Shell.Export(variables), cancellation), CultureInfo.InvariantCulture);

    /// <summary>A run's output from a byte on, until the run ends; the channel's exit code is the run's.</summary>
    public Task<RemoteChannel> FollowAsync(string run, long fromByte, CancellationToken cancellation) =>
        connection.StartAsync(Command("follow", run, (fromByte + 1).ToString(CultureInfo.InvariantCulture)), cancellation);

    /// <summary>Ends every process of a run.</summary>
    public Task StopAsync(string run, CancellationToken cancellation = default) => AskAsync(["stop", run], "", cancellation);

    /// <summary>This user's runs that other processes than this one started and that still live.</summary>
    public async Task<IReadOnlyList<RemoteRun>> OthersAsync(CancellationToken cancellation = default) =>
        [.. (await AskAsync(["runs"], "", cancellation)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => RemoteRun.Parse(destination.Node, line)).Where(run => run.Controller != Controller)];

    /// <summary>TCP ports that somebody listens on there.</summary>
    public async Task<IReadOnlySet<int>> ListeningAsync(CancellationToken cancellation) =>
        (await AskAsync(["listening"], "", cancellation)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(port => int.Parse(port, NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToHashSet();

    /// <summary>Runs a command line of a POSIX shell.</summary>
    public Task<RemoteResult> RunAsync(string command, TimeSpan? timeout = null, CancellationToken cancellation = default) => connection.RunAsync(command, "", timeout, cancellation);

    /// <summary>Takes a script of this assembly there, once.</summary>
    /// <returns>Its path.</returns>
    public Task<string> InstallAsync(string script, CancellationToken cancellation = default)
    {
        lock (installed)
        {
            if (!installed.TryGetValue(script, out var installing) || installing.IsFaulted)
                installed[script] = installing = InstallAsync();
            return installing.WaitAsync(cancellation);
        }

        async Task<string> InstallAsync()
        {
            var text = EmbeddedScript.Read(script);
            // Named after its contents: sessions with other versions may be at work.
            var name = $"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..12]}-{script}";
            var result = await connection.RunAsync($"umask 077; folder=\"${{XDG_STATE_HOME:-$HOME/.local/state}}\"/spark-notebooks; mkdir -p \"$folder\" && {{ cat >\"$folder\"/{name}.$$ && mv \"$folder\"/{name}.$$ \"$folder\"/{name} || {{ rm -f \"$folder\"/{name}.$$; false; }}; }} && printf %s \"$folder\"/{name}", text, cancellation: CancellationToken.None);
            return result.ExitCode == 0 ? result.Output : throw new NodeConnectionException(destination.Node, $"its state folder, spark-notebooks in XDG_STATE_HOME or else in ~/.local/state, cannot be written: {result.Errors.Trim()}. Make room or give the rights there; df -h says what is full.");
        }
    }

    /// <summary>Runs a program whose standard input ends with the first line that is sent, or with the connection.</summary>
    public Task<RemoteChannel> StartToolAsync(IEnumerable<string> words, CancellationToken cancellation) => connection.StartAsync(Command(["tool", .. words]), cancellation);

    /// <summary>Runs a script of a POSIX shell, which leaves nothing there, with arguments.</summary>
    public Task<RemoteResult> RunScriptAsync(string script, IEnumerable<string> arguments, TimeSpan timeout, CancellationToken cancellation) =>
        connection.RunAsync($"exec sh -s -- {Shell.Quote(arguments)}", script, timeout, cancellation);

    /// <summary>Gives the seat back and closes the connection; runs that were not stopped end by the watchdog.</summary>
    public async ValueTask DisposeAsync()
    {
        if (closing.IsCancellationRequested)
            return;
        await closing.CancelAsync();
        await beating;
        connection.Dispose();
    }

    async Task<RemoteAgent> BeginAsync()
    {
        path = Shell.Quote(await InstallAsync(ScriptName));
        (Home, SearchPath) = (await connection.RunAsync("printf '%s\\n' \"$HOME\" \"$PATH\"")).Output.Split('\n') is [var home, var search, ..] ? (home, search) : ("", "");
        var seated = await HoldAsync();
        beating = BeatAsync(seated);
        return this;
    }

    async Task<Heartbeat> HoldAsync()
    {
        var who = $"{Environment.UserName} on {Environment.MachineName} since {DateTimeOffset.Now:yyyy-MM-dd HH:mm}";
        var channel = await connection.StartAsync(Command("hold", Controller, Seconds, seat.ToString(CultureInfo.InvariantCulture), who), closing.Token);
        var heartbeat = new Heartbeat(channel);
        if (await heartbeat.ReadAsync(Watchdog) == "held")
            return heartbeat;
        heartbeat.Dispose();
        var ended = await channel.Ended.WaitAsync(Watchdog);
        throw new NodeConnectionException(destination.Node, ended.ExitCode == 75
            ? $"seat {seat} is taken by {ended.Errors.Trim()}. If that is a notebook of yours, shut down its kernel; else choose another seat with the variable SPARK__seat, 0 to 9."
            : $"no seat could be taken: {ended.Errors.Trim()}");
    }

    // A line every quarter of the watchdog's time, over a new connection when the old one does not answer.
    async Task BeatAsync(Heartbeat heartbeat)
    {
        for (var beat = 1L; ; beat++)
        {
            try
            {
                await Task.Delay(BeatInterval, closing.Token);
                if (!await heartbeat.IsHeardAsync($"{beat}", BeatInterval))
                {
                    heartbeat.Dispose();
                    heartbeat = await HoldAsync();
                }
            }
            catch (OperationCanceledException)
            {
                heartbeat.Dispose();
                return;
            }
            catch (Exception error) when (error is IOException or TimeoutException)
            {
                // The machine may come back before its watchdog's time is over; who asks it for something meanwhile is told.
            }
        }
    }

    async Task<string> AskAsync(string[] words, string input, CancellationToken cancellation)
    {
        var result = await connection.RunAsync(Command(words), input, cancellation: cancellation);
        return result.ExitCode == 0 ? result.Output : throw new NodeConnectionException(destination.Node, result.Errors.Trim());
    }

    string Command(params IEnumerable<string> words) => $"exec sh {path} {Shell.Quote(words)}";

    TimeSpan BeatInterval => Watchdog / 4;

    string Seconds => Watchdog.TotalSeconds.ToString("0", CultureInfo.InvariantCulture);

    static long Started()
    {
        using var process = Process.GetCurrentProcess();
        return process.StartTime.ToUniversalTime().Ticks;
    }

    static string Clean(string name) => string.Concat(name.Where(c => char.IsAsciiLetterOrDigit(c) || c == '-'));
}
