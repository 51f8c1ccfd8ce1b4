namespace Spark.Notebooks;

/// <summary>What a check found on one node, and what to do about it where that is not as it should be.</summary>
public sealed record Finding(CheckStatus Status, string Found, string Fix = "")
{
    public static Finding Pass(string found) => new(CheckStatus.Pass, found);

    public static Finding Warn(string found, string fix) => new(CheckStatus.Warn, found, fix);

    public static Finding Fail(string found, string fix) => new(CheckStatus.Fail, found, fix);

    public static Finding NotApplicable(string why) => new(CheckStatus.NotApplicable, why);

    /// <summary>For what this operating system does not tell.</summary>
    public static Finding NotAvailable { get; } = NotApplicable("not available on this system");

    /// <summary>For what has not been measured yet.</summary>
    public static Finding NotMeasured { get; } = NotApplicable("not measured yet");
}
