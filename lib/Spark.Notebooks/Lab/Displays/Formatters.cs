using Microsoft.Data.Analysis;
using Microsoft.DotNet.Interactive.Formatting;

namespace Spark.Notebooks;

/// <summary>Formatters for types that are not this library's, which attributes cannot announce.</summary>
internal static class Formatters
{
    public static void Register()
    {
        Formatter.Register<DataFrame>(TableHtml.Of, Mime.Html);
        Formatter.SetPreferredMimeTypesFor(typeof(DataFrame), Mime.Html);
    }
}
