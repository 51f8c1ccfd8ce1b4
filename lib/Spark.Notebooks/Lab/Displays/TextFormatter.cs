using Microsoft.DotNet.Interactive.Formatting;

namespace Spark.Notebooks;

/// <summary>Writes a value as text of one MIME type.</summary>
internal sealed class TextFormatter<T>(string mimeType, Func<T, string> format) : ITypeFormatter
{
    public string MimeType => mimeType;

    public Type Type => typeof(T);

    public bool Format(object instance, FormatContext context)
    {
        context.Writer.Write(format((T)instance));
        return true;
    }
}
