namespace Spark.Notebooks;

/// <summary>Scripts for a POSIX shell that this assembly carries.</summary>
internal static class EmbeddedScript
{
    public static string Read(string name)
    {
        using var reader = new StreamReader(typeof(EmbeddedScript).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
