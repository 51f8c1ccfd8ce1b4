using System.Text.Json.Nodes;

namespace Spark.Kernel;

/// <summary>What a cell reads from the console: lines that the front end asks its reader for, or nothing where it cannot ask.</summary>
internal sealed class FrontEndInput(Action<Message> send, string session) : TextReader
{
    TaskCompletionSource<string?> answer = new();

    /// <summary>The execute request on whose behalf is read.</summary>
    public Message? Asker { get; set; }

    /// <summary>Raised before the front end is asked, so that what was printed stands before the question.</summary>
    public event Action? Asking;

    public override string? ReadLine()
    {
        if (Asker is not { } asker || (bool?)asker.Content["allow_stdin"] != true)
            return null;
        Asking?.Invoke();
        answer = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
        var request = Message.Of("input_request", new JsonObject { ["prompt"] = "", ["password"] = false }, session, asker);
        send(request with { Identities = asker.Identities });
        return answer.Task.WaitAsync(CellContext.Current?.Interrupted ?? CancellationToken.None).GetAwaiter().GetResult();
    }

    public override int Read() => throw new NotSupportedException("a cell reads whole lines: Console.ReadLine()");

    public void Answer(Message reply) => answer.TrySetResult((string?)reply.Content["value"]);
}
