using System.Text.Json;

namespace Spark.Benchmarks;

/// <summary><c>predictor</c>: predicted against measured step times, here and on recorded machines, each with its error.</summary>
static class PredictorCommand
{
    static readonly JsonSerializerOptions Format = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static async Task<int> RunAsync(SectionOptions options, string? jsonFile)
    {
        PredictionTable[] tables = [await LocalPredictions.MeasureAsync(options), RecordedPredictions.Spark(), RecordedPredictions.H100()];
        foreach (var table in tables)
            table.Print();
        if (jsonFile is not null)
            await File.WriteAllTextAsync(jsonFile, JsonSerializer.Serialize(tables, Format));
        return 0;
    }
}
