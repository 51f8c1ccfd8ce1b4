using Microsoft.AspNetCore.Http;

namespace Spark.Notebooks;

/// <summary>Reads a request's body whole, so that it can be split into legs, or sent again when a backend turns out to be gone.</summary>
internal static class RequestBody
{
    /// <exception cref="BadHttpRequestException">It is too large, too slow or broken off.</exception>
    public static async ValueTask<byte[]> ReadAsync(HttpRequest request)
    {
        var cancellation = request.HttpContext.RequestAborted;
        if (request.ContentLength is { } length)
        {
            if (length > GatewayServer.MaxBodyBytes)
                throw new BadHttpRequestException($"The request body is larger than {GatewayServer.MaxBodyBytes} bytes.", StatusCodes.Status413PayloadTooLarge);
            var whole = GC.AllocateUninitializedArray<byte>((int)length);
            await request.Body.ReadExactlyAsync(whole, cancellation);
            return whole;
        }

        using var bytes = new MemoryStream();
        await request.Body.CopyToAsync(bytes, cancellation);
        return bytes.ToArray();
    }
}
