namespace Spark.Notebooks;

/// <summary>A wrong answer that many give, and the thought that leads there.</summary>
public sealed record WrongAnswer(double Value, string Why);
