using System.Globalization;

namespace Spark.Notebooks;

/// <summary>A gateway holds two sockets a stream: with the usual limit of 1,024 it fails at some 500 streams.</summary>
internal sealed class OpenFilesCheck : IEnvironmentCheck
{
    public string Name => "open files";

    public Finding Judge(NodeReadings node, EnvironmentKnobs knobs)
    {
        if (node.OpenFiles is not { } limit)
            return Finding.NotAvailable;
        var needed = knobs.OpenFiles.ToString("N0", CultureInfo.InvariantCulture);
        return limit.Soft >= knobs.OpenFiles ? Finding.Pass($"{limit}")
            : limit.Hard >= knobs.OpenFiles ? Finding.Warn($"{limit}", $"Run ulimit -n {knobs.OpenFiles} in the shell that starts the notebook: many concurrent streams need {needed}.")
            : Finding.Warn($"{limit}", $"Raise the hard limit to {needed} or more (limits.conf, or LimitNOFILE of the service): many concurrent streams will fail.");
    }
}
