namespace Spark.Notebooks.Tests;

/// <summary>Tests that serve on the cluster <c>local</c>, where serving replaces what was served before: they run one after another.</summary>
[CollectionDefinition(Name)]
public sealed class LocalCluster
{
    public const string Name = "local cluster";
}
