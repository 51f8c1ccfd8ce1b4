namespace Spark.Notebooks;

public static partial class Check
{
    /// <summary>How many prefill nodes for each decode node would keep both equally busy, by how busy one of each was?</summary>
    public static Verdict PrefillPerDecode(StudyCell pair, double? answer) =>
        double.IsNaN(StudySummaries.Busy(pair, 0)) ? new(Outcome.NoAnswer, $"{StudySummaries.BusyUnknown} This exercise is for the embedded cluster.")
            : PrefillPerDecode($"{pair.Mix.Name} at {Figures.Show(pair.RequestsPerSecond)}/s", StudySummaries.Busy(pair, 0), StudySummaries.Busy(pair, 1)).Check(answer);

    internal static Exercise PrefillPerDecode(string load, double prefillBusy, double decodeBusy) => new()
    {
        Question = $"Under {load} the prefill node was busy {prefillBusy:0.#} % of the time, the decode node {decodeBusy:0.#} %. How many prefill nodes for each decode node would keep all equally busy?",
        Right = prefillBusy / decodeBusy,
        Unit = "prefill nodes a decode node",
        Tolerance = 0.03,
        Because = $"The load needs {prefillBusy:0.#} parts of prefill for {decodeBusy:0.#} of decode. A pair has one node for each, so the busier one ends the scaling while the other still has time; the ratio belongs to the workload, and moves with it.",
        Hint = "each node can be busy 100 % of the time: what share of all the work is prefill, what share decode?",
        Formula = "the prefill node's busy share ÷ the decode node's.",
        CommonMistakes =
        [
            new(decodeBusy / prefillBusy, "That is decode nodes for each prefill node."),
            new(prefillBusy / (prefillBusy + decodeBusy), "That is prefill's share of all work; compared with decode it is more."),
        ],
    };
}
