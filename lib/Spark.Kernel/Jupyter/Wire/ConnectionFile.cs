using System.Text.Json;
using System.Text.Json.Serialization;

namespace Spark.Kernel;

/// <summary>Where a front end expects its kernel: the JSON file that it names on the kernel's command line.</summary>
internal sealed record ConnectionFile
{
    public required string Transport { get; init; }

    public required string Ip { get; init; }

    public required int ShellPort { get; init; }

    public required int ControlPort { get; init; }

    public required int IopubPort { get; init; }

    public required int StdinPort { get; init; }

    public required int HbPort { get; init; }

    public string Key { get; init; } = "";

    [JsonPropertyName("signature_scheme")]
    public string Scheme { get; init; } = MessageSigner.Scheme;

    static JsonSerializerOptions Json { get; } = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <exception cref="JupyterSetupException">The file is missing, is no connection file, or asks for what this kernel does not speak.</exception>
    public static ConnectionFile Read(string path)
    {
        try
        {
            var file = JsonSerializer.Deserialize<ConnectionFile>(File.ReadAllText(path), Json) ?? throw new JsonException("it holds null");
            if (file.Transport is not ("tcp" or "ipc"))
                throw new JupyterSetupException($"the connection file {path} asks for the transport '{file.Transport}'; this kernel speaks tcp and ipc");
            return file.Scheme == MessageSigner.Scheme
                ? file
                : throw new JupyterSetupException($"the connection file {path} asks for the signature scheme '{file.Scheme}'; this kernel signs with {MessageSigner.Scheme}");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new JupyterSetupException($"the connection file cannot be read: {error.Message}. A front end writes it and names it; to start a kernel by hand, use `jupyter console --kernel .net-csharp`", error);
        }
        catch (JsonException error)
        {
            throw new JupyterSetupException($"the connection file {path} is not one: {error.Message}", error);
        }
    }

    public string Address(int port) => Transport == "ipc" ? $"ipc://{Ip}-{port}" : $"tcp://{Ip}:{port}";
}
