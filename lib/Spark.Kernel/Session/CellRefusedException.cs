namespace Spark.Kernel;

/// <summary>A cell holds something that a notebook cell may not contain; <see cref="Line"/> says where, counted from 1.</summary>
internal sealed class CellRefusedException(int line, string message) : Exception(message)
{
    public int Line { get; } = line;
}
