namespace Spark.Kernel;

/// <summary>A heading of a page: its level from 1, the id to link to, and its text.</summary>
internal sealed record Heading(int Level, string Id, string Text);
