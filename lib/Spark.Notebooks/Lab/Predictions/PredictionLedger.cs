using System.Text.Json;

namespace Spark.Notebooks;

/// <summary>All guesses of a learner in one JSON file: one row a question, the newest guess replaces the older.</summary>
internal sealed class PredictionLedger(string path, TimeProvider clock)
{
    static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { WriteIndented = true };
    readonly Lock gate = new();

    public IReadOnlyList<LedgerRow> Rows
    {
        get
        {
            try
            {
                return File.Exists(path) ? JsonSerializer.Deserialize<LedgerRow[]>(File.ReadAllBytes(path), Options) ?? [] : [];
            }
            catch (JsonException error)
            {
                throw new InvalidDataException($"{path} is not a ledger of predictions ({error.Message}): delete it to begin a new one.", error);
            }
        }
    }

    public void Record(LedgerRow row)
    {
        lock (gate)
        {
            LedgerRow[] rows = [.. Rows.Where(other => (other.Lesson, other.What) != (row.Lesson, row.What)), row with { At = clock.GetLocalNow() }];
            AtomicFile.WriteAllText(path, JsonSerializer.Serialize(rows, Options));
        }
    }
}
