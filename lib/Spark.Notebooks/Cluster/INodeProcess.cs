namespace Spark.Notebooks;

/// <summary>A process on a node that lives no longer than this one, whose end is its owner's to order.</summary>
public interface INodeProcess : IAsyncDisposable
{
    /// <summary>Its pid on its node.</summary>
    int Id { get; }

    /// <summary>Its pid on this machine; null where it is on another.</summary>
    int? LocalId { get; }

    OutputLog Log { get; }

    /// <summary>The exit code, once it has ended and all its output is in <see cref="Log"/>, or once nothing can be known of it any more.</summary>
    Task<int> Exited { get; }

    /// <summary>Why nothing is known of it any more; null while that is not so.</summary>
    string? Lost { get; }
}
