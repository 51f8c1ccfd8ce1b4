using System.Text.Json.Nodes;

namespace Spark.Kernel;

/// <summary>The cell that a front end wants run, and how; what it leaves out has the protocol's defaults.</summary>
internal sealed record ExecuteRequest(Message Message)
{
    public string Code => (string?)Message.Content["code"] ?? "";

    /// <summary>Nothing of it is published but the kernel's status.</summary>
    public bool IsSilent => (bool?)Message.Content["silent"] ?? false;

    /// <summary>Whether it takes a number and a place in the history.</summary>
    public bool Counts => !IsSilent && ((bool?)Message.Content["store_history"] ?? true);

    /// <summary>Whether its failure drops the requests that wait behind it.</summary>
    public bool StopsOnError => (bool?)Message.Content["stop_on_error"] ?? true;

    /// <summary>Expressions to evaluate after it, by name.</summary>
    public JsonObject UserExpressions => Message.Content["user_expressions"] as JsonObject ?? [];
}
