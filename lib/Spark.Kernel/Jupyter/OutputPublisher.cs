using System.Text;
using System.Text.Json.Nodes;

namespace Spark.Kernel;

/// <summary>
/// Publishes what cells show, each output with the request that it came of. What is printed in quick pieces travels together:
/// servers cut off a kernel that sends a thousand messages a second.
/// </summary>
internal sealed class OutputPublisher : IDisposable
{
    static readonly TimeSpan LongestHold = TimeSpan.FromMilliseconds(40);
    const int MostHeld = 1 << 16;

    readonly Lock publishing = new();
    readonly StringBuilder held = new();
    readonly Action<Message> publish;
    readonly string session;
    readonly ITimer timer;
    (Message? Parent, string Stream) holder = (null, "");

    public OutputPublisher(Action<Message> publish, string session, TimeProvider time)
    {
        this.publish = publish;
        this.session = session;
        timer = time.CreateTimer(_ => Flush(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Publish(string type, JsonObject content, Message? parent)
    {
        lock (publishing)
        {
            Flush();
            publish(Message.Of(type, content, session, parent));
        }
    }

    public void Status(string state, Message? parent) => Publish("status", new JsonObject { ["execution_state"] = state }, parent);

    public void Show(Output output, Message? parent)
    {
        switch (output)
        {
            case StreamOutput stream:
                Hold(stream, parent);
                break;
            case DisplayData display:
                Publish("display_data", Bundle(display.Data, display.DisplayId), parent);
                break;
            case UpdateDisplayData update:
                Publish("update_display_data", Bundle(update.Data, update.DisplayId), parent);
                break;
            case ExecuteResult result:
                Publish("execute_result", new JsonObject { ["data"] = result.Data.DeepClone(), ["metadata"] = new JsonObject(), ["execution_count"] = result.ExecutionCount }, parent);
                break;
            case ErrorOutput error:
                Publish("error", ErrorContent(error), parent);
                break;
        }
    }

    public static JsonObject ErrorContent(ErrorOutput error) => new()
    {
        ["ename"] = error.Name,
        ["evalue"] = error.Value,
        ["traceback"] = new JsonArray([.. error.Traceback.Select(line => (JsonNode)line)]),
    };

    public void Flush()
    {
        lock (publishing)
        {
            if (held.Length == 0)
                return;
            publish(Message.Of("stream", new JsonObject { ["name"] = holder.Stream, ["text"] = held.ToString() }, session, holder.Parent));
            held.Clear();
        }
    }

    public void Dispose() => timer.Dispose();

    void Hold(StreamOutput stream, Message? parent)
    {
        lock (publishing)
        {
            if (holder != (parent, stream.Name) || held.Length > MostHeld)
                Flush();
            holder = (parent, stream.Name);
            if (held.Length == 0)
                timer.Change(LongestHold, Timeout.InfiniteTimeSpan);
            held.Append(stream.Text);
        }
    }

    static JsonObject Bundle(JsonObject data, string displayId) =>
        new() { ["data"] = data.DeepClone(), ["metadata"] = new JsonObject(), ["transient"] = new JsonObject { ["display_id"] = displayId } };
}
