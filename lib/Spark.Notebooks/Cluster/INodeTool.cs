namespace Spark.Notebooks;

/// <summary>A program at work on a node that ends when its standard input closes, which disposing does, and which does not outlive this process.</summary>
public interface INodeTool : IAsyncDisposable
{
    OutputLog Log { get; }

    /// <summary>The exit code, once it has ended and all its output is in <see cref="Log"/>, or once nothing can be known of it any more.</summary>
    Task<int> Exited { get; }
}
