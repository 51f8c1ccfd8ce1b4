using System.Text;

namespace Spark.Engine;

/// <summary>Watches a request's text for its stop strings and lets no part of one out: text is held back until it can no longer begin one, as vLLM's detokenizer does.</summary>
/// <param name="stops">Not empty strings; the first in this order that is found wins.</param>
/// <param name="includeInOutput">Whether the text ends after the stop string rather than before it; nothing needs to be held back then.</param>
/// <param name="minTokens">A stop string that ends within so many output tokens does not count.</param>
public sealed class StopStringMatcher(IReadOnlyList<string> stops, bool includeInOutput, int minTokens)
{
    readonly StringBuilder text = new();
    readonly int heldBack = stops.Count == 0 || includeInOutput ? 0 : stops.Max(s => s.Length) - 1;
    int released;

    /// <summary>Adds the text of the output's latest token; returns the stop string that it completes, and cuts the text there.</summary>
    public string? Append(string added, int outputTokens)
    {
        text.Append(added);
        if (added.Length == 0 || outputTokens <= minTokens)
            return null;
        foreach (var stop in stops)
        {
            var from = Math.Max(0, text.Length - added.Length - stop.Length + 1);
            var found = text.ToString(from, text.Length - from).IndexOf(stop, StringComparison.Ordinal);
            if (found < 0)
                continue;
            text.Length = from + found + (includeInOutput ? stop.Length : 0);
            return stop;
        }
        return null;
    }

    /// <summary>Text not returned before that may be shown now; all of it once the request has finished.</summary>
    public string Release(bool finished)
    {
        var until = finished ? text.Length : text.Length - heldBack;
        if (!finished && until > released && char.IsHighSurrogate(text[until - 1]))
            until--;
        if (until <= released)
            return "";
        var delta = text.ToString(released, until - released);
        released = until;
        return delta;
    }
}
