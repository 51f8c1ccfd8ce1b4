using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;

namespace Spark.Kernel;

/// <summary>A session that a front end drives: requests are answered one after the other, interrupts and the end at once.</summary>
internal sealed class JupyterKernel : IDisposable
{
    readonly string sessionId = Guid.NewGuid().ToString();
    readonly Channel<Message> requests = Channel.CreateUnbounded<Message>();
    readonly TaskCompletionSource shutdown = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly Channels channels;
    readonly OutputPublisher publisher;
    readonly FrontEndInput input;
    readonly Session session;
    readonly CellExecutor executor;
    readonly CodeAssistant assistant;
    readonly Action<string> log;
    bool dropsWaiting;

    public JupyterKernel(ConnectionFile connection, string directory, Action<string> log)
    {
        this.log = log;
        channels = new Channels(connection, log);
        publisher = new OutputPublisher(channels.Publish, sessionId, TimeProvider.System);
        input = new FrontEndInput(channels.SendStdin, sessionId);
        input.Asking += publisher.Flush;
        session = new Session(directory, new SessionOptions { KeepsOutputWithItsCell = true, CopiesLibraries = true, Input = input });
        executor = new CellExecutor(session, publisher, input);
        assistant = new CodeAssistant(session.LatestScript);
        channels.ShellReceived += message => requests.Writer.TryWrite(message);
        channels.ControlReceived += Control;
        channels.StdinReceived += input.Answer;
    }

    /// <summary>Serves until the front end asks for the end, or <paramref name="ended"/> says that there is none any more.</summary>
    public async Task RunAsync(Task ended)
    {
        channels.Start();
        publisher.Status("starting", null);
        _ = session.WarmUpAsync();
        _ = Task.Run(ServeAsync);
        await Task.WhenAny(shutdown.Task, ended);
    }

    /// <summary>An exception that nothing caught, on a thread that a cell left running: told by its cell, and survived.</summary>
    public void TellUnhandled(Exception exception) => session.TellUnhandled(exception);

    public void Interrupt() => session.Interrupt();

    public void Dispose()
    {
        session.Dispose();
        publisher.Flush();
        publisher.Dispose();
        channels.Dispose();
        input.Dispose();
        assistant.Dispose();
    }

    async Task ServeAsync()
    {
        await foreach (var request in requests.Reader.ReadAllAsync())
        {
            dropsWaiting = false;
            await AnswerAsync(request, channels.SendShell, AnswerAsync);
            if (dropsWaiting)
                await DropWaitingAsync();
        }
    }

    async Task AnswerAsync(Message request, Action<Message> send, Func<Message, Task<JsonObject?>> answer)
    {
        publisher.Status("busy", request);
        try
        {
            if (await answer(request) is { } content)
                Reply(request, content, send);
        }
        catch (Exception error) when (error is InvalidOperationException or FormatException or JsonException or ArgumentException)
        {
            log($"the {request.Type} could not be answered: {error.Message}");
            Reply(request, new JsonObject { ["status"] = "error", ["ename"] = error.GetType().Name, ["evalue"] = error.Message, ["traceback"] = new JsonArray() }, send);
        }
        publisher.Status("idle", request);
        if (request.Type == "shutdown_request")
            shutdown.TrySetResult();
    }

    void Reply(Message request, JsonObject content, Action<Message> send) =>
        send(Message.Of(request.Type.Replace("_request", "_reply", StringComparison.Ordinal), content, sessionId, request) with { Identities = request.Identities });

    async Task<JsonObject?> AnswerAsync(Message request)
    {
        switch (request.Type)
        {
            case "execute_request":
                return await ExecuteAsync(new ExecuteRequest(request));
            case "complete_request":
                return await assistant.CompleteAsync(Code(request), Cursor(request));
            case "inspect_request":
                return await assistant.InspectAsync(Code(request), Cursor(request));
            case "is_complete_request":
                return Completeness.Reply(Code(request));
            case "history_request":
                return executor.History.Reply(request.Content);
            case "comm_info_request":
                return new JsonObject { ["status"] = "ok", ["comms"] = new JsonObject() };
            case "comm_open":
                // No cell of this kernel has a counterpart in the page: what a front end opens is closed again, as the protocol asks.
                publisher.Publish("comm_close", new JsonObject { ["comm_id"] = request.Content["comm_id"]?.DeepClone(), ["data"] = new JsonObject() }, request);
                return null;
            default:
                return AnswerAnywhere(request);
        }
    }

    static string Code(Message request) => (string?)request.Content["code"] ?? "";

    static int Cursor(Message request) => (int?)request.Content["cursor_pos"] ?? int.MaxValue;

    async Task<JsonObject> ExecuteAsync(ExecuteRequest request)
    {
        var reply = await executor.ExecuteAsync(request);
        dropsWaiting = (string?)reply["status"] == "error" && request.StopsOnError;
        return reply;
    }

    async Task DropWaitingAsync()
    {
        var waiting = new List<Message>();
        while (requests.Reader.TryRead(out var next))
            waiting.Add(next);
        foreach (var next in waiting)
            await AnswerAsync(next, channels.SendShell, request =>
                request.Type == "execute_request" ? Task.FromResult<JsonObject?>(new JsonObject { ["status"] = "aborted", ["execution_count"] = session.Counted }) : AnswerAsync(request));
    }

    void Control(Message request) =>
        _ = AnswerAsync(request, channels.SendControl, control => Task.FromResult(AnswerAnywhere(control)));

    JsonObject? AnswerAnywhere(Message request)
    {
        switch (request.Type)
        {
            case "kernel_info_request":
                return KernelInfo.Reply();
            case "interrupt_request":
                session.Interrupt();
                return new JsonObject { ["status"] = "ok" };
            case "shutdown_request":
                return new JsonObject { ["status"] = "ok", ["restart"] = (bool?)request.Content["restart"] ?? false };
            case "comm_msg" or "comm_close":
                return null;
            default:
                log($"a message of the unknown type {request.Type} was ignored");
                return null;
        }
    }
}
