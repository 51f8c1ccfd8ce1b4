using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text.Json;

namespace Spark.Benchmarks;

/// <summary><c>table</c>: every row beside its ceiling, on the screen as it is measured, and as JSON.</summary>
static class TableCommand
{
    static readonly JsonSerializerOptions Format = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static async Task<int> RunAsync(SectionOptions options, string[]? chosen, string? jsonFile)
    {
        var sections = chosen ?? [.. Sections.Names.Where(name => name != PeersSection.Name || options.Peers.AreGiven)];
        if (sections.Contains(PeersSection.Name) && options.Peers.Problem(options.Model) is { } problem)
        {
            Console.Error.WriteLine(problem);
            return 2;
        }
        var rows = new List<Row>();
        var failed = new List<string>();
        foreach (var name in sections)
            try
            {
                await foreach (var row in Sections.RowsAsync(name, options))
                {
                    rows.Add(row);
                    Console.WriteLine(row);
                }
            }
            catch (InvalidOperationException error)
            {
                failed.Add(name);
                Console.Error.WriteLine(error.Message);
            }
        var judged = rows.Where(row => row.IsMet is not null).ToList();
        Console.WriteLine($"{judged.Count(row => row.IsMet!.Value)} of {judged.Count} rows reach what they are to reach; medians of {options.Repeats}, lowest to highest{(failed.Count > 0 ? $"; {string.Join(", ", failed)} failed" : "")}");
        if (jsonFile is not null)
            await File.WriteAllTextAsync(jsonFile, JsonSerializer.Serialize(new { machine = Machine, options.Model, rows = rows.Select(Entry) }, Format));
        return failed.Count == 0 && judged.TrueForAll(row => row.IsMet!.Value) ? 0 : 1;
    }

    static object Machine => new
    {
        cores = Environment.ProcessorCount,
        architecture = $"{RuntimeInformation.ProcessArchitecture}",
        simd = Vector512.IsHardwareAccelerated ? "512 bit" : Vector256.IsHardwareAccelerated ? "256 bit" : "128 bit",
        system = RuntimeInformation.OSDescription,
        dotnet = RuntimeInformation.FrameworkDescription,
        at = DateTimeOffset.UtcNow,
    };

    static object Entry(Row row) => new { row.Name, row.Value, row.Unit, row.Ceiling, row.Against, row.Ratio, reach = row.Reach?.ToString(), met = row.IsMet, row.Samples };
}
