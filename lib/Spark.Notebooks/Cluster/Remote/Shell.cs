namespace Spark.Notebooks;

/// <summary>The one way by which anything reaches a POSIX shell.</summary>
internal static class Shell
{
    /// <summary>One word that the shell takes as it is, whatever is in it.</summary>
    /// <exception cref="ArgumentException">A zero character, which no argument can hold.</exception>
    public static string Quote(string word) => word.Contains('\0')
        ? throw new ArgumentException("An argument cannot hold a zero character.", nameof(word))
        : $"'{word.Replace("'", "'\\''")}'";

    public static string Quote(IEnumerable<string> words) => string.Join(' ', words.Select(Quote));

    /// <summary>A path whose leading <c>~/</c> the shell is to resolve.</summary>
    public static string QuotePath(string path) => path.StartsWith("~/", StringComparison.Ordinal) ? $"\"$HOME\"/{Quote(path[2..])}" : Quote(path);

    /// <summary>Lines that set variables and hand them to every program started after them.</summary>
    /// <exception cref="ArgumentException">A name is no name of a variable.</exception>
    public static string Export(IEnumerable<KeyValuePair<string, string>> variables) => string.Concat(variables.Select(variable => IsName(variable.Key)
        ? $"export {variable.Key}={Quote(variable.Value)}\n"
        : throw new ArgumentException($"'{variable.Key}' is no name of a variable.", nameof(variables))));

    static bool IsName(string name) => name.Length > 0 && !char.IsAsciiDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');
}
