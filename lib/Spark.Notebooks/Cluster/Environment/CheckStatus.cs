using System.Text.Json.Serialization;

namespace Spark.Notebooks;

/// <summary>What came of a check, from best to worst; not applicable where there is nothing to look at.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CheckStatus>))]
public enum CheckStatus
{
    NotApplicable,
    Pass,
    Warn,
    Fail,
}
