namespace Spark.Notebooks;

/// <summary>What is known to keep NixlConnector from starting, by the words of the engine's log, and what others did about it.</summary>
/// <param name="Words">One of them is in a line of the log.</param>
internal sealed record PreflightSymptom(string Name, string Advice, params IReadOnlyList<string> Words)
{
    const int SegmentationFault = 128 + 11;
    const string OtherWays = "Else take another KV connector (Mooncake, LMCache), or do module 04 with the embedded cluster.";

    /// <summary>UCX cannot register what a GB10's cudaMalloc gives: NVIDIA says that GPUDirect RDMA is not supported there.</summary>
    const string OwnBuild = "A wheel of NIXL has been seen to fail on a GB10 (NVIDIA/dgx-spark-playbooks issue 82) where a UCX and NIXL built for it (sm_121, UCX with verbs and without gdrcopy) works.";

    static readonly IReadOnlyList<PreflightSymptom> Known =
    [
        new("NIXL could not make its UCX backend", $"{OwnBuild} {OtherWays}", "NIXL_ERR_BACKEND"),
        new("NIXL is not installed for this Python", "pip install --no-deps nixl, and nixl-cu13 or nixl-cu12 as torch has it.", "NIXL is not available", "No module named 'nixl"),
        new("too little memory is free", "Stop other programs there, drop caches (sudo sh -c 'sync; echo 3 > /proc/sys/vm/drop_caches'), or lower GpuMemoryUtilization.", "less than desired GPU memory utilization"),
        new("memory ran out", "Stop other programs there, or lower KvCache; a smaller model shows NIXL as well.", "CUDA out of memory", "OutOfMemoryError", "Cannot allocate memory", "No available memory for the cache blocks"),
        new("this vLLM does not know a flag", "Install vLLM 0.13 or newer on all machines.", "unrecognized arguments", "Unrecognized command or argument"),
        new("the driver is too old for this CUDA", "Update the driver, or keep the image's own entry point, which brings forward compatibility.", "cudaErrorUnsupportedPtxVersion"),
        new("it crashed in native code", "Builds of NIXL for two CUDA versions side by side have been seen to do that: keep the one that torch has, nixl-cu12 or nixl-cu13.", "Segmentation fault", "SIGSEGV"),
    ];

    public static PreflightSymptom Growth { get; } = new("host memory grew beyond the cap", $"That has been seen on a GB10 with default UCX, with UCX_TLS=tcp and with kvBufferDevice cpu alike. {OwnBuild} {OtherWays}");

    public static PreflightSymptom Stall { get; } = new("it stalled", $"See in its last lines whether it was still loading: then give it longer (Within). If it stands at NIXL: {OwnBuild} {OtherWays}");

    public static PreflightSymptom Ended(int exitCode) => exitCode == SegmentationFault ? Known[^1] : new($"it ended with exit code {exitCode}", $"Its last lines say why. {OtherWays}");

    /// <summary>The first known one that a log shows, with the lines that show it.</summary>
    public static (PreflightSymptom Symptom, IReadOnlyList<string> Lines)? In(IReadOnlyList<string> log) =>
        Known.Select(symptom => (symptom, Lines: (IReadOnlyList<string>)[.. log.Where(symptom.Matches)])).Where(found => found.Lines.Count > 0).Select(found => ((PreflightSymptom, IReadOnlyList<string>)?)found).FirstOrDefault();

    bool Matches(string line) => Words.Any(word => line.Contains(word, StringComparison.OrdinalIgnoreCase));
}
