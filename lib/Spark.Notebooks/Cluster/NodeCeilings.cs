using System.Globalization;
using System.Text.Json;

namespace Spark.Notebooks;

/// <summary>What a node's core(s) can do at best, measured while nothing else ran on it: the two roofs of a roofline.</summary>
public sealed record NodeCeilings
{
    public required string Node { get; init; }

    /// <summary>Floating-point operations a second, a fused multiply-add counted as two.</summary>
    public required double FlopPerSecond { get; init; }

    /// <summary>Read bandwidth in bytes a second, by the size of the buffer in bytes: small buffers fit a cache.</summary>
    public required IReadOnlyDictionary<long, double> ReadBytesPerSecond { get; init; }

    /// <summary>The vectors in use, such as <c>512 bit</c>.</summary>
    public required string Simd { get; init; }

    /// <summary>Such as <c>X64</c>.</summary>
    public required string Architecture { get; init; }

    /// <summary>Such as <c>.NET 10.0.1</c>.</summary>
    public required string Runtime { get; init; }

    /// <summary>Whether the measurement really was confined to the node's cores.</summary>
    public required bool Pinned { get; init; }

    /// <summary>Read bandwidth for a working set of <paramref name="bytes"/>: of the smallest measured buffer that is no smaller, else of the largest.</summary>
    public double ReadBytesPerSecondAt(long bytes)
    {
        var sizes = ReadBytesPerSecond.Keys.Order().ToArray();
        return ReadBytesPerSecond[sizes.FirstOrDefault(size => size >= bytes, sizes[^1])];
    }

    /// <summary>Reads what <c>spark-engine measure</c> prints.</summary>
    /// <exception cref="JsonException">It is not that.</exception>
    internal static NodeCeilings Parse(string node, string json)
    {
        var report = JsonSerializer.Deserialize<Report>(json, Report.Format)!;
        return new()
        {
            Node = node,
            FlopPerSecond = report.FmaGflops * 1e9,
            ReadBytesPerSecond = report.ReadGbytesPerS.ToDictionary(size => long.Parse(size.Key, CultureInfo.InvariantCulture), size => size.Value * 1e9),
            Simd = report.Simd,
            Architecture = report.Architecture,
            Runtime = report.Runtime,
            Pinned = report.Pinned,
        };
    }

    sealed record Report(double FmaGflops, Dictionary<string, double> ReadGbytesPerS, string Simd, string Architecture, string Runtime, bool Pinned)
    {
        public static readonly JsonSerializerOptions Format = new()
        {
            PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
            RespectNullableAnnotations = true,
            RespectRequiredConstructorParameters = true,
        };
    }
}
