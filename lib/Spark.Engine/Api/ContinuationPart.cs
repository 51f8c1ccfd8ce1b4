using System.Text;

namespace Spark.Engine;

/// <summary>What a continuation has to show since it was last asked: the output of one engine step, or of several that were ready at once.</summary>
internal sealed class ContinuationPart
{
    readonly StringBuilder text = new();

    public List<int> Tokens { get; } = [];

    /// <summary>One for each token, where the request wants them.</summary>
    public List<TokenLogprobs> Logprobs { get; } = [];

    /// <summary>May be empty though there are tokens: text is held back while it could begin a stop string, or a character is not complete.</summary>
    public string Text => text.ToString();
    public FinishReason? FinishReason { get; set; }

    /// <summary>The stop string or the stop token that ended the text; null for the model's own end of sequence.</summary>
    public object? StopReason { get; set; }

    /// <summary>Where another engine may pull the prompt's KV from.</summary>
    public KvTransferParams? Transfer { get; set; }

    public void AddText(string more) => text.Append(more);

    public void Add(ContinuationPart next)
    {
        Tokens.AddRange(next.Tokens);
        Logprobs.AddRange(next.Logprobs);
        text.Append(next.text);
        (FinishReason, StopReason, Transfer) = (next.FinishReason, next.StopReason, next.Transfer);
    }
}
