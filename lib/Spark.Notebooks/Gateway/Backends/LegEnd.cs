namespace Spark.Notebooks;

/// <summary>What became of a leg, as far as its backend's health is concerned.</summary>
internal enum LegEnd
{
    /// <summary>Answered in full, with a status below 500.</summary>
    Served,

    /// <summary>Answered with 500 or above, broken off, or late.</summary>
    Failed,

    /// <summary>No connection came about.</summary>
    Unreachable,

    /// <summary>Given up because the client had gone, which says nothing about the backend.</summary>
    Abandoned,
}
