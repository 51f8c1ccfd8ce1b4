using System.Text.Json.Nodes;

namespace Spark.Notebooks;

/// <summary>One leg of a disaggregated request: to whom, what was asked, what came back, and what the engine counted meanwhile.</summary>
/// <param name="Duration">From sending to the end of the answer.</param>
/// <param name="Counted">Increments of the engine's counters over the leg.</param>
public sealed record ProtocolLeg(EngineAddress Engine, JsonObject Request, JsonObject Answer, TimeSpan Duration, EngineMetrics Counted);
