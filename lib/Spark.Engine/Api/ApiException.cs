using System.Text.Json;

namespace Spark.Engine;

/// <summary>A request that gets vLLM's error object for an answer: <c>{"error":{"message","type","param","code"}}</c>.</summary>
internal sealed class ApiException(int status, string type, string message) : Exception(message)
{
    public int Status => status;

    /// <summary>What the application refuses, such as a prompt that is too long.</summary>
    public static ApiException BadRequest(string message) => new(400, "BadRequestError", message);

    /// <summary>A body that is not of the request's shape.</summary>
    public static ApiException Invalid(FieldProblems problems) => new(400, "Bad Request", problems.ToString());

    public static ApiException Unsupported(string feature) => BadRequest($"{feature} is not currently supported");

    public static ApiException UnknownModel(string model) => new(404, "NotFoundError", $"The model `{model}` does not exist.");

    public static ApiException BodyTooLarge(long limit) => new(413, "Request Entity Too Large", $"The request body is larger than {limit} bytes.");

    public static ApiException GenerationFailed() => new(500, "InternalServerError", "Internal server error");

    public static ApiException ShuttingDown() => new(503, "Service Unavailable", "The server is shutting down.");

    /// <summary>What is no fault of the request.</summary>
    public static ApiException From(Exception error) => error as ApiException ?? new(500, "Internal Server Error", error.Message);

    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteStartObject("error");
        json.WriteString("message", Message);
        json.WriteString("type", type);
        json.WriteNull("param");
        json.WriteNumber("code", status);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
