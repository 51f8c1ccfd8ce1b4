using System.Globalization;
using System.Text.Json;

namespace Spark.Benchmarks;

/// <summary>Another engine with one file of weights, measured by its own benchmarks on one thread. Rates in tokens a second.</summary>
sealed class Peer
{
    public const string LlamaCpp = "llama.cpp", IkLlamaCpp = "ik_llama.cpp";

    /// <summary>Of which a rate of one sequence is the mean.</summary>
    public const int Runs = 3;
    const int ContextStep = 256;   // newer versions give each sequence whole steps of context

    readonly PeerOptions options;
    readonly string gguf;
    readonly LlamaBenchResult self;

    public Peer(PeerOptions options, string gguf)
    {
        (this.options, this.gguf) = (options, Path.GetFullPath(gguf));
        self = Bench(promptTokens: 1, outputTokens: 0);
    }

    /// <summary>Null where its output does not tell.</summary>
    public string? Family => self.MlaAttn is not null ? IkLlamaCpp : self.Backends is not null ? LlamaCpp : null;
    public string Name => $"{Family ?? Path.GetFileName(options.LlamaBench)} {self.BuildCommit}";
    public string ModelType => self.ModelType;
    public long Parameters => self.ModelNParams;

    public double Prefill(int tokens) => Bench(tokens, 0).AvgTs;

    public double Decode(int tokens) => Bench(0, tokens).AvgTs;

    /// <summary>Of all sequences together.</summary>
    public double Decode(int batch, int promptTokens, int outputTokens)
    {
        var context = batch * ((promptTokens + outputTokens + ContextStep - 1) / ContextStep * ContextStep);
        string[] arguments = ["-m", gguf, "-t", "1", "-c", $"{context}", "-npp", $"{promptTokens}", "-ntg", $"{outputTokens}", "-npl", $"{batch}"];
        var (output, errors) = PeerTool.Run(options.LlamaBatchedBench!, arguments);
        // A Markdown table: its head, a rule, and one row; some print it among their errors.
        var table = $"{output}\n{errors}".Split('\n').Where(line => line.StartsWith('|')).Select(line => line.Split('|', StringSplitOptions.TrimEntries)).ToList();
        return table is [var head, _, var row] && Array.IndexOf(head, "S_TG t/s") is >= 0 and var column && double.TryParse(row[column], CultureInfo.InvariantCulture, out var rate)
            ? rate
            : throw PeerTool.Failure(options.LlamaBatchedBench!, arguments, "printed no table with a row of S_TG t/s", errors);
    }

    LlamaBenchResult Bench(int promptTokens, int outputTokens)
    {
        string[] arguments = ["-m", gguf, "-t", "1", "-p", $"{promptTokens}", "-n", $"{outputTokens}", "-r", $"{Runs}", "-o", "json"];
        var (output, errors) = PeerTool.Run(options.LlamaBench!, arguments);
        try
        {
            return LlamaBenchResult.Parse(output);
        }
        catch (JsonException e)
        {
            throw PeerTool.Failure(options.LlamaBench!, arguments, $"printed other JSON than llama-bench's ({e.Message})", errors);
        }
    }
}
