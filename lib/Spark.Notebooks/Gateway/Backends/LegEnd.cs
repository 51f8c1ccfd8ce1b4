namespace Spark.Notebooks;

/// <summary>What became of a leg, as far as its backend's health is concerned.</summary>
internal enum LegEnd
{
    /// <summary>Answered in full, with a status below 500.</summary>
    Served,

    /// <summary>Answered with another status of 500 or above, broken off, or late.</summary>
    Failed,

    /// <summary>No connection came about, or the backend declined with 503: it has done nothing, and another may be asked.</summary>
    Unreachable,

    /// <summary>Given up because the client had gone, which says nothing about the backend.</summary>
    Abandoned,
}
