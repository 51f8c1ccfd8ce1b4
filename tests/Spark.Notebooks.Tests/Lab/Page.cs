namespace Spark.Notebooks.Tests;

/// <summary>Tests that share the session's one page, on which plotly.js stands once: they run one after another.</summary>
[CollectionDefinition(Name)]
public sealed class Page
{
    public const string Name = "page";
}
