using System.Text.Json.Nodes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Completion;
using Microsoft.CodeAnalysis.Scripting;

namespace Spark.Kernel;

/// <summary>Completes and explains code with Roslyn's own editor features, which see what earlier cells declared.</summary>
internal sealed class CodeAssistant(Func<Script> latest) : IDisposable
{
    const int MostMatches = 500;
    readonly CellWorkspace cells = new(latest);

    /// <summary>The content of a complete_reply; <paramref name="cursor"/> counts code points.</summary>
    public async Task<JsonObject> CompleteAsync(string code, int cursor)
    {
        var position = CodePointOffsets.ToUtf16(code, cursor);
        var document = cells.DocumentOf(code);
        var list = await CompletionService.GetService(document)!.GetCompletionsAsync(document, position);
        var typed = code[list.Span.Start..position];
        var matches = list.ItemsList.Where(item => item.FilterText.StartsWith(typed, StringComparison.OrdinalIgnoreCase)).DistinctBy(Text).Take(MostMatches).ToList();
        var (start, end) = (CodePointOffsets.FromUtf16(code, list.Span.Start), CodePointOffsets.FromUtf16(code, Math.Max(position, list.Span.End)));
        return new JsonObject
        {
            ["status"] = "ok",
            ["matches"] = new JsonArray([.. matches.Select(item => (JsonNode)Text(item))]),
            ["cursor_start"] = start,
            ["cursor_end"] = end,
            ["metadata"] = new JsonObject
            {
                ["_jupyter_types_experimental"] = new JsonArray([.. matches.Select(item => new JsonObject { ["text"] = Text(item), ["type"] = Kind(item), ["start"] = start, ["end"] = end })]),
            },
        };
    }

    /// <summary>The content of an inspect_reply: signature, overloads and documentation of what stands at the cursor.</summary>
    public async Task<JsonObject> InspectAsync(string code, int cursor)
    {
        var text = await SymbolText.AtAsync(cells.DocumentOf(code), CodePointOffsets.ToUtf16(code, cursor));
        return new JsonObject
        {
            ["status"] = "ok",
            ["found"] = text is not null,
            ["data"] = text is null ? [] : new JsonObject { ["text/plain"] = text },
            ["metadata"] = new JsonObject(),
        };
    }

    public void Dispose() => cells.Dispose();

    static string Text(CompletionItem item) => item.Properties.GetValueOrDefault("InsertionText") ?? item.DisplayText;

    static string Kind(CompletionItem item) => item.Tags.FirstOrDefault() switch
    {
        "Method" or "ExtensionMethod" => "function",
        "Class" or "Structure" or "Interface" or "Enum" or "Delegate" => "class",
        "Namespace" => "module",
        "Keyword" => "keyword",
        "Property" or "Field" or "EnumMember" or "Constant" or "Event" => "property",
        _ => "instance",
    };
}
