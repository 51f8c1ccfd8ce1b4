namespace Spark.Engine;

/// <summary>A model directory that this engine cannot serve; the message names the file and the field or tensor.</summary>
public sealed class ModelFormatException(string message) : Exception(message);
