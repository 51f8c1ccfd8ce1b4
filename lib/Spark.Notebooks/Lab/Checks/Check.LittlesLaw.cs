namespace Spark.Notebooks;

public static partial class Check
{
    /// <summary>How many requests a second do clients get answered who each wait for one before they send the next?</summary>
    public static Verdict LittlesLaw(LoadRun run, double? answer) => LittlesLaw(run.Concurrency, run.E2el.Mean / 1e3, run.RequestsPerSecond).Check(answer);

    internal static Exercise LittlesLaw(int clients, double seconds, double counted) => new()
    {
        Question = $"{clients} clients send a request each time they have an answer, and an answer takes {Figures.Show(seconds, "s")} on average. How many requests a second is that?",
        Right = clients / seconds,
        Unit = "requests/s",
        Tolerance = 0.03,
        Because = $"Requests in flight = requests a second × seconds each (Little's law), so {clients} ÷ {Figures.Show(seconds, "s")}. The run, at whose end clients have nothing more to send, counted {Figures.Show(counted)}. "
            + "With the clients given, throughput and latency are one figure: whoever reports both has reported one.",
        Hint = "how many requests does one client get through in a second?",
        Formula = "clients ÷ (seconds an answer takes).",
        CommonMistakes =
        [
            new(1 / seconds, $"That is one client's rate; there are {clients}."),
            new(clients * seconds, "That multiplies where it should divide: the longer an answer takes, the fewer there are a second."),
            new(seconds / clients, "That is the time between two answers, upside down."),
            new(1e-3 * clients / seconds, "That is for milliseconds as if they were seconds."),
        ],
    };
}
