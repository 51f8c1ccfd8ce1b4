namespace Spark.Kernel;

/// <summary>A file is not a C# notebook that can be run; the message names the file, what is wrong and what would be right.</summary>
internal sealed class NotebookFormatException(string path, string problem, Exception? inner = null)
    : Exception($"{path}: {problem}", inner);
