using Spark.Notebooks;

namespace Spark.Benchmarks;

/// <summary>Prefill and decode nodes of one kind behind a link, and the requests they are to serve; everything it says is predicted.</summary>
sealed record Fleet(StepPredictor Node, int PromptTokens, int OutputTokens, TimeSpan ItlLimit)
{
    ModelShape Shape => Node.Shape;
    int MiddleContext => PromptTokens + OutputTokens / 2;

    /// <summary>Requests a second that one node's prefills allow.</summary>
    public double PrefillRate => 1 / Node.Prefill(PromptTokens).TotalSeconds;

    /// <summary>The most sequences whose decode step stays within the limit, and whose KV fits beside the weights; 0 where not even one does.</summary>
    public int Batch(double kvBytes)
    {
        var fits = (int)(kvBytes / Shape.KvBytes(PromptTokens + OutputTokens).Bytes);
        var (some, tooMany) = (0, fits + 1);
        while (tooMany - some > 1)
        {
            var middle = (some + tooMany) / 2;
            (some, tooMany) = Node.DecodeStep(middle, MiddleContext) <= ItlLimit ? (middle, tooMany) : (some, middle);
        }
        return some;
    }

    /// <summary>Requests a second that one node's decode steps allow.</summary>
    public double DecodeRate(double kvBytes) => Batch(kvBytes) is > 0 and var batch ? batch / (OutputTokens * Node.DecodeStep(batch, MiddleContext).TotalSeconds) : 0;

    public double Throughput(int prefillNodes, int decodeNodes, double kvBytes) => Math.Min(prefillNodes * PrefillRate, decodeNodes * DecodeRate(kvBytes));

    /// <summary>Without queues: the prompt's computing, its KV over the link, and the decode node's first step.</summary>
    public TtftParts Ttft(Link link) => new(Node.Prefill(PromptTokens), link.Transfer(Shape.KvBytesInBlocks(PromptTokens)), Node.DecodeStep(1, PromptTokens));

    /// <summary>Bytes a second that a prefill node at work all the time sends.</summary>
    public double LinkBytesPerSecond => PrefillRate * Shape.KvBytesInBlocks(PromptTokens).Bytes;
}
