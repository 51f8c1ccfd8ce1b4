using System.Net.Http.Headers;

namespace Spark.Notebooks;

/// <summary>The key that engines ask for, where this user has set one.</summary>
internal static class ApiKey
{
    /// <summary>Lets every request of a client carry it.</summary>
    public static HttpClient Authorize(this HttpClient http)
    {
        if (NodeSecrets.Read().ApiKey is { } key)
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return http;
    }
}
