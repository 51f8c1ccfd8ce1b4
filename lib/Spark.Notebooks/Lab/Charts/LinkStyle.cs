namespace Spark.Notebooks;

/// <summary>How a recorded link is drawn: colour by what the bytes lie in or travel by, dashes for its variants, thin and grey for an assumption.</summary>
internal sealed record LinkStyle(string Colour, string Dash, string Symbol)
{
    public static LinkStyle Of(Link link) => link switch
    {
        { IsAssumed: true } => new(Palette.Neutral, link.Name.Contains("RDMA", StringComparison.Ordinal) ? "dashdot" : "dot", "x"),
        _ when Has(link, "GPU memory", "pieces") => new(Palette.GpuMemory, Dashes(link), "diamond"),
        _ when Has(link, "TCP", "pageable") => new(Palette.Sockets, Dashes(link), "square"),
        _ => new(Palette.HostMemory, Dashes(link), "circle"),
    };

    static string Dashes(Link link) => Has(link, "2 rails", "gathered", "fastest") ? "dash" : Has(link, "4 streams") ? "longdash" : "solid";

    static bool Has(Link link, params IEnumerable<string> words) => words.Any(word => link.Name.Contains(word, StringComparison.Ordinal));
}
