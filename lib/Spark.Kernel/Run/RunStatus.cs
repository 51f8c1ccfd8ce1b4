namespace Spark.Kernel;

/// <summary>Where a notebook's run stands: the running cell, counted from 1, how long the notebook has run, and what the cell last printed.</summary>
internal sealed record RunStatus(string Notebook, int Cell, int Cells, TimeSpan Elapsed, string LastLine);
