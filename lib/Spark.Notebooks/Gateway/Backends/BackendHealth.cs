namespace Spark.Notebooks;

/// <summary>Decides when a backend is ejected, from what becomes of its legs and probes, and when it returns.</summary>
internal sealed class BackendHealth(GatewayOptions options, TimeProvider clock)
{
    readonly Lock changing = new();
    int failuresInRow, failedProbesInRow, ejectionsInRow;
    long returnsAt;
    volatile bool ejected;

    public bool IsEjected => ejected;

    public long Ejections { get; private set; }

    /// <summary>What went wrong last.</summary>
    public string? LastError { get; private set; }

    public void LegEnded(LegEnd end, string? error)
    {
        if (end is LegEnd.Abandoned)
            return;
        lock (changing)
        {
            if (end is LegEnd.Served)
                failuresInRow = ejectionsInRow = 0;
            else
                Fail(ref failuresInRow, end is LegEnd.Unreachable, error);
        }
    }

    /// <param name="error">Null when the probe succeeded.</param>
    /// <param name="unreachable">Whether not even a connection came about, or the server says itself that it is dead.</param>
    public void Probed(string? error, bool unreachable = false)
    {
        lock (changing)
        {
            if (error is not null)
                Fail(ref failedProbesInRow, unreachable, error);
            else
            {
                failedProbesInRow = 0;
                if (ejected && clock.GetTimestamp() >= returnsAt)
                    (ejected, failuresInRow) = (false, 0);
            }
        }
    }

    // Legs that were under way when a backend was ejected may still fail: that is no news.
    void Fail(ref int inRow, bool atOnce, string? error)
    {
        LastError = error;
        inRow++;
        if (ejected || (inRow < options.FailuresToEject && !atOnce))
            return;
        var period = options.EjectionPeriod * Math.Pow(2, Math.Min(ejectionsInRow++, 30));
        if (period > options.MaxEjectionPeriod)
            period = options.MaxEjectionPeriod;
        returnsAt = clock.GetTimestamp() + (long)(period.TotalSeconds * clock.TimestampFrequency);
        Ejections++;
        ejected = true;
    }
}
