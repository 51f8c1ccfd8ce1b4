using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace Spark.Kernel;

/// <summary>Runs the cells that a front end sends, and sees that what they show goes to them.</summary>
internal sealed class CellExecutor
{
    readonly Session session;
    readonly OutputPublisher publisher;
    readonly FrontEndInput input;
    readonly ConcurrentDictionary<int, ExecuteRequest> requests = new();

    public CellExecutor(Session session, OutputPublisher publisher, FrontEndInput input)
    {
        (this.session, this.publisher, this.input) = (session, publisher, input);
        session.Shown += Show;
    }

    public CellHistory History { get; } = new();

    /// <summary>The reply's content.</summary>
    public async Task<JsonObject> ExecuteAsync(ExecuteRequest request)
    {
        if (string.IsNullOrWhiteSpace(request.Code))
            return Ok(session.Counted);

        var cell = session.Counted + 1;
        requests[cell] = request;
        input.Asker = request.Message;
        if (!request.IsSilent)
            publisher.Publish("execute_input", new JsonObject { ["code"] = request.Code, ["execution_count"] = cell }, request.Message);
        if (request.Counts)
            History.Add(cell, request.Code);

        var error = await session.ExecuteAsync(request.Code, request.Counts);
        publisher.Flush();
        if (error is not null)
            return Failed(error, cell);
        var reply = Ok(cell);
        foreach (var (name, expression) in request.UserExpressions)
            reply["user_expressions"]![name] = await EvaluateAsync((string?)expression ?? "");
        return reply;
    }

    static JsonObject Ok(int count) => new()
    {
        ["status"] = "ok",
        ["execution_count"] = count,
        ["user_expressions"] = new JsonObject(),
        ["payload"] = new JsonArray(),
    };

    static JsonObject Failed(ErrorOutput error, int count)
    {
        var content = OutputPublisher.ErrorContent(error);
        content["status"] = "error";
        content["execution_count"] = count;
        return content;
    }

    async Task<JsonObject> EvaluateAsync(string expression)
    {
        var silent = new ExecuteRequest(new Message { Header = [], Content = new JsonObject { ["silent"] = true } });
        requests[session.Counted + 1] = silent;
        JsonObject? value = null;
        session.Shown += Take;
        var error = await session.ExecuteAsync(expression, counts: false);
        session.Shown -= Take;
        if (error is null)
            return new JsonObject { ["status"] = "ok", ["data"] = value ?? [], ["metadata"] = new JsonObject() };
        var failed = OutputPublisher.ErrorContent(error);
        failed["status"] = "error";
        return failed;

        void Take(int cell, Output output) => value = output is ExecuteResult result ? result.Data.DeepClone().AsObject() : value;
    }

    void Show(int cell, Output output)
    {
        if (requests.TryGetValue(cell, out var request) && request.IsSilent)
            return;
        var data = output is ExecuteResult { Data: var result } ? (string?)(result["text/plain"] as JsonValue) : null;
        if (data is not null)
            History.AddResult(cell, data);
        publisher.Show(output, request?.Message);
    }
}
