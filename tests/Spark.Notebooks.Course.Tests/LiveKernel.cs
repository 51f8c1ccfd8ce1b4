using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using NetMQ;
using NetMQ.Sockets;
using Spark.Kernel;

namespace Spark.Notebooks.Course.Tests;

/// <summary>A kernel process of its own, spoken to as a front end does: over its sockets, one cell at a time.</summary>
sealed class LiveKernel : IDisposable
{
    static readonly TimeSpan Deadline = TimeSpan.FromMinutes(3);
    static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(200);
    static readonly JsonSerializerOptions SnakeCase = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    readonly string folder = Directory.CreateTempSubdirectory("kernel-").FullName;
    readonly string sessionId = $"{Guid.NewGuid()}";
    readonly WireFormat format = new(new MessageSigner("key"));
    readonly DealerSocket shell = new();
    readonly DealerSocket control = new();
    readonly SubscriberSocket iopub = new();
    readonly Process process;

    public LiveKernel()
    {
        var ports = FreePorts(5);
        var connection = new ConnectionFile { Transport = "tcp", Ip = "127.0.0.1", ShellPort = ports[0], ControlPort = ports[1], IopubPort = ports[2], StdinPort = ports[3], HbPort = ports[4], Key = "key" };
        var json = JsonSerializer.SerializeToNode(connection, SnakeCase)!;
        var path = Path.Combine(folder, "connection.json");
        File.WriteAllText(path, json.ToJsonString());
        process = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "spark-kernel.dll"), "jupyter", "--connection-file", path]) { WorkingDirectory = folder })!;
        shell.Connect(connection.Address(connection.ShellPort));
        control.Connect(connection.Address(connection.ControlPort));
        iopub.SubscribeToAnyTopic();
        iopub.Connect(connection.Address(connection.IopubPort));
        // A subscription takes effect some time after it was asked for.
        for (var asked = Stopwatch.StartNew(); !iopub.HasIn;)
        {
            Assert.True(asked.Elapsed < Deadline, "The kernel did not come up.");
            Send(shell, "kernel_info_request", []);
            shell.Poll(PollInterval);
        }
        Run($"#r \"{Path.Combine(Repository.Root, "lib/Spark.Notebooks/bin/Release/net10.0/Spark.Notebooks.dll")}\"\nusing Spark.Notebooks;");
    }

    public int ProcessId => process.Id;

    /// <summary>Runs a cell that must succeed; what it printed and the value of its last expression, as text.</summary>
    public string Run(string code)
    {
        var cell = Begin(code);
        Finish(cell);
        Assert.True(cell.Error is null, $"{code}\n{cell.Error}");
        return $"{cell.Text}";
    }

    /// <summary>Sends a cell and does not wait for it.</summary>
    public CellOutput Begin(string code) => new(Send(shell, "execute_request", new JsonObject { ["code"] = code }));

    /// <summary>Listens until the cell has shown what is asked for.</summary>
    public void WaitFor(CellOutput cell, Func<CellOutput, bool> shown)
    {
        for (var waited = Stopwatch.StartNew(); !shown(cell);)
        {
            Assert.True(waited.Elapsed < Deadline, $"{waited.Elapsed.TotalSeconds:0} s and the cell has only shown: {cell.Text}");
            var frames = new NetMQMessage();
            if (iopub.TryReceiveMultipartMessage(PollInterval, ref frames))
                cell.Take(format.Decode(frames));
        }
    }

    public void Finish(CellOutput cell) => WaitFor(cell, cell => cell.IsIdle);

    public void Interrupt() => Send(control, "interrupt_request", []);

    public void Dispose()
    {
        Send(control, "shutdown_request", new JsonObject { ["restart"] = false });
        if (!process.WaitForExit(Deadline))
            process.Kill(entireProcessTree: true);
        foreach (var socket in new NetMQSocket[] { shell, control, iopub })
        {
            socket.Options.Linger = TimeSpan.Zero;
            socket.Dispose();
        }
        process.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    string Send(NetMQSocket socket, string type, JsonObject content)
    {
        var message = Message.Of(type, content, sessionId, null);
        socket.SendMultipartMessage(format.Encode(message));
        return (string)message.Header["msg_id"]!;
    }

    static int[] FreePorts(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        listeners.ForEach(listener => listener.Start());
        int[] ports = [.. listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port)];
        listeners.ForEach(listener => listener.Stop());
        return ports;
    }
}
