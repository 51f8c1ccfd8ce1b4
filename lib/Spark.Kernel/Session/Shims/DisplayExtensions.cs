using Microsoft.DotNet.Interactive;
using Spark.Kernel;

// Where .NET Interactive has it: every cell imports System.
namespace System;

/// <summary>Display as methods of the values themselves.</summary>
public static class DisplayExtensions
{
    /// <summary>Shows a value at once, in the given MIME types or in those that its type prefers.</summary>
    public static DisplayedValue Display(this object? value, params string[] mimeTypes) => Session.Current.Display(value, mimeTypes);

    /// <summary>Shows text as it is, as content of the given MIME type.</summary>
    public static DisplayedValue DisplayAs(this string value, string mimeType) => Session.Current.DisplayText(value, mimeType);
}
