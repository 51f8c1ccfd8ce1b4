using Spark.Kernel;

namespace Microsoft.DotNet.Interactive;

/// <summary>A value that is on display and can be replaced in place.</summary>
public sealed class DisplayedValue
{
    readonly Session session;

    internal DisplayedValue(Session session, string displayId, IReadOnlyCollection<string> mimeTypes)
    {
        this.session = session;
        DisplayId = displayId;
        MimeTypes = mimeTypes;
    }

    public IReadOnlyCollection<string> MimeTypes { get; }

    internal string DisplayId { get; }

    /// <summary>Shows another value in the same place, in the same MIME types.</summary>
    public void Update(object? updatedValue) => session.Update(DisplayId, updatedValue, MimeTypes);
}
