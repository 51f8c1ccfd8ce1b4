using System.Text.RegularExpressions;

namespace Spark.Engine;

/// <summary>Cuts text at added tokens: at each place the longest that matches, as Hugging Face's tokenizers do.</summary>
internal sealed class AddedTokenSplitter
{
    readonly Regex? pattern;
    readonly Dictionary<string, AddedToken> tokens;

    public AddedTokenSplitter(IReadOnlyCollection<AddedToken> added)
    {
        tokens = added.ToDictionary(t => t.Content);
        if (tokens.Count > 0)
            pattern = new(string.Join('|', added.OrderByDescending(t => t.Content.Length).Select(Pattern)), RegexOptions.CultureInvariant);
    }

    /// <summary>The text in order, each part either plain or one added token.</summary>
    public IEnumerable<(string Text, AddedToken? Token)> Split(string text)
    {
        var plainFrom = 0;
        for (var match = pattern?.Match(text); match is { Success: true }; match = match.NextMatch())
        {
            if (match.Index > plainFrom)
                yield return (text[plainFrom..match.Index], null);
            yield return (match.Value, tokens[match.Groups["token"].Value]);
            plainFrom = match.Index + match.Length;
        }
        if (plainFrom < text.Length)
            yield return (text[plainFrom..], null);
    }

    static string Pattern(AddedToken token)
    {
        var content = $"(?<token>{Regex.Escape(token.Content)})";
        if (token.SingleWord)
            content = $@"(?<!\w){content}(?!\w)";
        return (token.StripsLeft ? @"\s*" : "") + content + (token.StripsRight ? @"\s*" : "");
    }
}
