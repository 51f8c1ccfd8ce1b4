namespace Spark.Notebooks;

/// <summary>An engine on a node that lives no longer than this process, whose end is its owner's to order.</summary>
public interface INodeProcess : INodeTool
{
    /// <summary>Its pid on its node.</summary>
    int Id { get; }

    /// <summary>Its pid on this machine; null where it is on another.</summary>
    int? LocalId { get; }

    /// <summary>Why nothing is known of it any more; null while that is not so.</summary>
    string? Lost { get; }
}
