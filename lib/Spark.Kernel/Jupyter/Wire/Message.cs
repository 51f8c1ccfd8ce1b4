using System.Globalization;
using System.Text.Json.Nodes;

namespace Spark.Kernel;

/// <summary>A message of Jupyter's protocol: its header says what it is, its parent's header what it answers, its identities where it goes.</summary>
internal sealed record Message
{
    public IReadOnlyList<byte[]> Identities { get; init; } = [];

    public required JsonObject Header { get; init; }

    public JsonObject Parent { get; init; } = [];

    public JsonObject Metadata { get; init; } = [];

    public JsonObject Content { get; init; } = [];

    public string Type => (string?)Header["msg_type"] ?? "";

    public static Message Of(string type, JsonObject content, string session, Message? parent) => new()
    {
        Header = new JsonObject
        {
            ["msg_id"] = Guid.NewGuid().ToString(),
            ["session"] = session,
            ["username"] = (string?)parent?.Header["username"] ?? "kernel",
            ["date"] = DateTime.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture),
            ["msg_type"] = type,
            ["version"] = KernelInfo.ProtocolVersion,
        },
        Parent = parent?.Header.DeepClone().AsObject() ?? [],
        Content = content,
    };
}
