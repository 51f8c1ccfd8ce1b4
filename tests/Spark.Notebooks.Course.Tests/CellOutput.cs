using System.Text;
using Spark.Kernel;

namespace Spark.Notebooks.Course.Tests;

/// <summary>What a kernel has published of one cell so far.</summary>
sealed class CellOutput(string request)
{
    /// <summary>What it printed and the text of what it displayed.</summary>
    public StringBuilder Text { get; } = new();

    public string? Error { get; private set; }

    /// <summary>Whether the kernel has done with it.</summary>
    public bool IsIdle { get; private set; }

    public void Take(Message message)
    {
        if ((string?)message.Parent["msg_id"] != request)
            return;
        var content = message.Content;
        switch (message.Type)
        {
            case "stream":
                Text.Append((string?)content["text"]);
                break;
            case "display_data" or "execute_result":
                Text.Append((string?)content["data"]!["text/plain"] ?? (string?)content["data"]!["text/html"]);
                break;
            case "error":
                Error = $"{content["ename"]}: {content["evalue"]}";
                break;
            case "status":
                IsIdle = (string?)content["execution_state"] == "idle";
                break;
        }
    }
}
