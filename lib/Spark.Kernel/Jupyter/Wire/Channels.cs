using NetMQ;
using NetMQ.Sockets;

namespace Spark.Kernel;

/// <summary>
/// The five sockets of a kernel, served by one thread that never waits for a cell: heartbeats are answered and interrupts heard while one runs.
/// Messages leave in the order in which they were sent, whichever the socket.
/// </summary>
internal sealed class Channels : IDisposable
{
    static readonly TimeSpan Linger = TimeSpan.FromSeconds(1);

    readonly WireFormat format;
    readonly Action<string> log;
    readonly RouterSocket shell = new();
    readonly RouterSocket control = new();
    readonly RouterSocket stdin = new();
    readonly PublisherSocket iopub = new();
    readonly ResponseSocket heartbeat = new();
    readonly NetMQQueue<(NetMQSocket Socket, Message Message)> outgoing = new();
    readonly NetMQPoller poller;

    /// <exception cref="NetMQException">A port is taken.</exception>
    public Channels(ConnectionFile connection, Action<string> log)
    {
        this.log = log;
        format = new WireFormat(new MessageSigner(connection.Key));
        Bind(shell, connection.Address(connection.ShellPort), message => ShellReceived?.Invoke(message));
        Bind(control, connection.Address(connection.ControlPort), message => ControlReceived?.Invoke(message));
        Bind(stdin, connection.Address(connection.StdinPort), message => StdinReceived?.Invoke(message));
        iopub.Options.Linger = Linger;
        iopub.Options.SendHighWatermark = 0;
        iopub.Bind(connection.Address(connection.IopubPort));
        heartbeat.Bind(connection.Address(connection.HbPort));
        heartbeat.ReceiveReady += (_, _) => heartbeat.SendMultipartMessage(heartbeat.ReceiveMultipartMessage());
        outgoing.ReceiveReady += (_, _) => SendQueued();
        poller = [shell, control, stdin, heartbeat, outgoing];
    }

    /// <summary>Raised on the sockets' thread, as are the other two: whoever takes long hands the message on.</summary>
    public event Action<Message>? ShellReceived;

    public event Action<Message>? ControlReceived;

    public event Action<Message>? StdinReceived;

    public void Start() => poller.RunAsync("jupyter sockets", isBackgroundThread: true);

    public void SendShell(Message message) => outgoing.Enqueue((shell, message));

    public void SendControl(Message message) => outgoing.Enqueue((control, message));

    public void SendStdin(Message message) => outgoing.Enqueue((stdin, message));

    public void Publish(Message message) => outgoing.Enqueue((iopub, message));

    /// <summary>Sends what is queued, then closes.</summary>
    public void Dispose()
    {
        poller.Stop();
        SendQueued();
        poller.Dispose();
        foreach (var socket in new NetMQSocket[] { shell, control, stdin, iopub, heartbeat })
            socket.Dispose();
        outgoing.Dispose();
        NetMQConfig.Cleanup(block: true);
    }

    void Bind(RouterSocket socket, string address, Action<Message> received)
    {
        socket.Options.Linger = Linger;
        socket.Options.SendHighWatermark = 0;
        socket.Bind(address);
        socket.ReceiveReady += (_, _) => Receive(socket, received);
    }

    void Receive(RouterSocket socket, Action<Message> received)
    {
        try
        {
            received(format.Decode(socket.ReceiveMultipartMessage()));
        }
        catch (MessageFormatException error)
        {
            log($"a message was dropped: {error.Message}");
        }
    }

    void SendQueued()
    {
        while (outgoing.TryDequeue(out var next, TimeSpan.Zero))
            next.Socket.SendMultipartMessage(format.Encode(next.Message));
    }
}
