namespace Spark.Notebooks;

/// <summary>The legs that a request is served with.</summary>
internal interface IRoute
{
    /// <summary>Answers the client, well or with an error.</summary>
    Task ServeAsync(Exchange exchange);
}
