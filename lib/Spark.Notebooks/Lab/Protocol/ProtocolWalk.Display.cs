using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Spark.Notebooks;

public sealed partial record ProtocolWalk
{
    const int MostNumbers = 12;
    static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Time a phase, by the engines' counters where they have one.</summary>
    public Table Phases() => new(
        "Time of each phase",
        new(
            Table.Words("phase", Steps.Select(step => step.Phase)),
            Table.Words("node", Steps.Select(step => step.Node)),
            Table.Numbers("time (ms)", Steps.Select(step => step.Time.TotalMilliseconds)),
            Table.Words("known from", Steps.Select(step => step.Source))),
        Provenance.Measured($"one request of {PromptTokens} prompt tokens, alone, sent leg by leg without a gateway, after a warm-up request"));

    public override string ToText() =>
        $"{PromptTokens} prompt tokens on {Prefill.Engine.Node} → blocks {string.Join(", ", BlockIds)} held → {Decode.Engine.Node} pulled {Pulled} in {Figures.Show(TransferTime.TotalMilliseconds, "ms")} (by the formula {Computed})";

    public override string ToHtml() => string.Concat(
        Step("1. The prefill leg is asked for one token, and to hold its KV blocks", Prefill.Request),
        Step($"2. {Prefill.Engine.Node} answers with the names of {BlockIds.Count} blocks and where to find them", Prefill.Answer),
        Step($"3. The decode leg gets the client's own request and those names", Decode.Request),
        Box(Palette.Transfer, Escape(
            $"4. {Decode.Engine.Node} pulls {Pulled} in {Figures.Show(TransferTime.TotalMilliseconds, "ms")}; the formula says {BlockIds.Count} blocks × {BlockTokens} tokens × {Shape.KvBytesPerToken} = {Computed}. "
            + "It recomputes the last prompt token, samples the first token from that, and tells the prefill engine to free the blocks.")),
        Step("5. The answer", Decode.Answer),
        Phases().ToHtml());

    IEnumerable<(string Phase, string Node, TimeSpan Time, string Source)> Steps
    {
        get
        {
            var (first, second) = (Prefill.Counted, Decode.Counted);
            const string engine = "the engine's counters";
            yield return ("prefill: queue", Prefill.Engine.Node, first.QueueTime.Sum, engine);
            yield return ("prefill: compute", Prefill.Engine.Node, first.PrefillTime.Sum, engine);
            yield return ("prefill leg: HTTP and the rest", Prefill.Engine.Node, Prefill.Duration - first.QueueTime.Sum - first.PrefillTime.Sum, "the leg less the above");
            yield return ("KV transfer", Decode.Engine.Node, TransferTime, engine);
            yield return ("decode: queue besides", Decode.Engine.Node, TimeSpan.FromTicks(Math.Max(0, (second.QueueTime.Sum - TransferTime).Ticks)), engine);
            yield return ("first token", Decode.Engine.Node, second.PrefillTime.Sum, engine);
            yield return ("other tokens", Decode.Engine.Node, second.DecodeTime.Sum, engine);
            yield return ("decode leg: HTTP and the rest", Decode.Engine.Node,
                Decode.Duration - (second.QueueTime.Sum > TransferTime ? second.QueueTime.Sum : TransferTime) - second.PrefillTime.Sum - second.DecodeTime.Sum, "the leg less the above");
        }
    }

    static string Step(string title, JsonObject json) =>
        $"<details open><summary><b>{Escape(title)}</b></summary><pre style=\"font-size:.85em;white-space:pre-wrap;margin:.3em 1em\">{Escape(Short(json).ToJsonString(Indented))}</pre></details>";

    /// <summary>Long lists of numbers by their beginning, their number and their end.</summary>
    static JsonNode Short(JsonNode node) => node switch
    {
        JsonObject inner => new JsonObject(inner.Select(member => KeyValuePair.Create(member.Key, member.Value is null ? null : (JsonNode?)Short(member.Value)))),
        JsonArray { Count: > MostNumbers } list => JsonValue.Create($"[{string.Join(", ", list.Take(4))}, … {list.Count} in all …, {list[^1]}]"),
        JsonArray list => new JsonArray([.. list.Select(item => item is null ? null : Short(item))]),
        _ => node.DeepClone(),
    };
}
