using System.Text.Json.Nodes;

namespace Spark.Kernel;

/// <summary>What a cell shows, in the shapes of Jupyter's messages; it is raised while the cell runs.</summary>
internal abstract record Output;

/// <summary>Text printed to <c>stdout</c> or <c>stderr</c>, as it came: carriage returns are not yet applied.</summary>
internal sealed record StreamOutput(string Name, string Text) : Output;

/// <summary>A displayed value; <paramref name="Data"/> maps MIME types to text, or to JSON values for JSON types.</summary>
internal sealed record DisplayData(JsonObject Data, string DisplayId) : Output;

/// <summary>New data for an earlier display, wherever it stands.</summary>
internal sealed record UpdateDisplayData(JsonObject Data, string DisplayId) : Output;

/// <summary>The value of a cell's last expression.</summary>
internal sealed record ExecuteResult(JsonObject Data, int ExecutionCount) : Output;

/// <summary>Why a cell failed; <paramref name="At"/> is the line of the cell, where it is known.</summary>
internal sealed record ErrorOutput(string Name, string Value, IReadOnlyList<string> Traceback, CodeLine? At = null) : Output;
