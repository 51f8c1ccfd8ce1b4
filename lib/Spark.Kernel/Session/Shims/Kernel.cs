using Microsoft.AspNetCore.Html;
using Spark.Kernel;

// Where .NET Interactive has it: its C# cells import this class statically, so the same cells run in both hosts.
namespace Microsoft.DotNet.Interactive;

/// <summary>The functions that every cell may call without a prefix.</summary>
public static class Kernel
{
    /// <summary>Shows a value at once, in the given MIME types or in those that its type prefers.</summary>
    public static DisplayedValue display(object? value, params string[] mimeTypes) => Session.Current.Display(value, mimeTypes);

    /// <summary>Marks a string as HTML, to be shown as it is.</summary>
    public static IHtmlContent HTML(string content) => new HtmlString(content);

    /// <summary>Runs a script in the page that shows the notebook.</summary>
    public static void Javascript(string scriptContent) =>
        Session.Current.DisplayText($"<script type=\"text/javascript\">{scriptContent}</script>", "text/html");

    /// <summary>Adds a style sheet to the page that shows the notebook.</summary>
    public static void CSS(string content) => Session.Current.DisplayText($"<style>{content}</style>", "text/html");
}
