namespace Spark.Notebooks;

/// <summary>What must reach an engine but no command line, log or output: read from this process's environment, else from a file that only its owner may read.</summary>
internal sealed record NodeSecrets
{
    public const string ApiKeyVariable = "VLLM_API_KEY";
    static readonly string[] Names = [ApiKeyVariable, "HF_TOKEN"];

    NodeSecrets(IReadOnlyDictionary<string, string> variables) => Variables = variables;

    /// <summary>Lines such as <c>HF_TOKEN=…</c>.</summary>
    public static string File => Path.Combine(Path.GetDirectoryName(ClusterSources.UserFolder)!, "secrets");

    public IReadOnlyDictionary<string, string> Variables { get; }

    /// <summary>The key that requests to <c>/v1</c> must carry; null where none is set.</summary>
    public string? ApiKey => Variables.GetValueOrDefault(ApiKeyVariable);

    /// <exception cref="InvalidDataException">Others may read the file, or a line is no <c>NAME=value</c>; the message does not repeat the line.</exception>
    public static NodeSecrets Read() => Read(File, Environment.GetEnvironmentVariable);

    internal static NodeSecrets Read(string path, Func<string, string?> environment)
    {
        var found = ReadFile(path);
        foreach (var name in Names)
        {
            if (environment(name) is { Length: > 0 } value)
                found[name] = value;
        }
        return new(found);
    }

    static Dictionary<string, string> ReadFile(string path)
    {
        if (!System.IO.File.Exists(path))
            return [];
        if (!OperatingSystem.IsWindows() && (System.IO.File.GetUnixFileMode(path) & ~(UnixFileMode.UserRead | UnixFileMode.UserWrite)) != 0)
            throw new InvalidDataException($"{path} can be read by others: chmod 600 {Shell.Quote(path)}");
        var secrets = new Dictionary<string, string>();
        foreach (var (index, line) in System.IO.File.ReadLines(path).Index().Where(line => line.Item.Trim() is [not '#', ..]))
        {
            if (line.Split('=', 2) is not [var name, { Length: > 0 } value] || !Names.Contains(name.Trim()))
                throw new InvalidDataException($"{path}, line {index + 1}: it must be {string.Join(" or ", Names.Select(known => $"{known}=…"))}.");
            secrets[name.Trim()] = value.Trim();
        }
        return secrets;
    }

    // The compiler's own would print what it holds.
    public override string ToString() => string.Join(", ", Variables.Keys);
}
