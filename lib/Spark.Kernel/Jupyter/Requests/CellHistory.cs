using System.IO.Enumeration;
using System.Text.Json.Nodes;

namespace Spark.Kernel;

/// <summary>The cells of this session and, where they had one, their results as text.</summary>
internal sealed class CellHistory
{
    readonly SortedDictionary<int, (string Code, string? Result)> cells = [];

    public void Add(int cell, string code) => cells[cell] = (code, null);

    public void AddResult(int cell, string result)
    {
        if (cells.TryGetValue(cell, out var entry))
            cells[cell] = (entry.Code, result);
    }

    /// <summary>The reply to a history_request: its tail, a range of it, or what matches a pattern.</summary>
    public JsonObject Reply(JsonObject request)
    {
        var count = (int?)request["n"] ?? int.MaxValue;
        var chosen = (string?)request["hist_access_type"] switch
        {
            "range" => cells.Where(cell => IsOfThisSession(request) && cell.Key >= ((int?)request["start"] ?? 0) && cell.Key < ((int?)request["stop"] ?? int.MaxValue)),
            "search" => Matching(request).TakeLast(count),
            _ => cells.TakeLast(count),
        };
        var withOutput = (bool?)request["output"] ?? false;
        return new JsonObject
        {
            ["status"] = "ok",
            ["history"] = new JsonArray([.. chosen.Select(cell => new JsonArray(0, cell.Key, withOutput ? new JsonArray(cell.Value.Code, cell.Value.Result) : cell.Value.Code))]),
        };
    }

    // Session 0 is the current one; there are no others here.
    static bool IsOfThisSession(JsonObject request) => ((int?)request["session"] ?? 0) == 0;

    IEnumerable<KeyValuePair<int, (string Code, string? Result)>> Matching(JsonObject request)
    {
        var pattern = (string?)request["pattern"] ?? "*";
        var matching = cells.Where(cell => FileSystemName.MatchesSimpleExpression(pattern, cell.Value.Code, ignoreCase: false));
        return (bool?)request["unique"] == true ? matching.Reverse().DistinctBy(cell => cell.Value.Code).Reverse() : matching;
    }
}
