namespace Spark.Engine;

/// <summary>The <c>n</c> continuations of one prompt, some of whose metrics count them as one request.</summary>
internal sealed class SampleGroup(int size)
{
    readonly Lock changing = new();
    int finished;
    int mostTokens;

    public int Size => size;

    /// <summary>Counts a continuation that has finished; true, with the most tokens that one of the group has, for the last.</summary>
    public bool IsCompletedBy(int outputTokens, out int most)
    {
        lock (changing)
        {
            most = mostTokens = Math.Max(mostTokens, outputTokens);
            return ++finished == size;
        }
    }
}
