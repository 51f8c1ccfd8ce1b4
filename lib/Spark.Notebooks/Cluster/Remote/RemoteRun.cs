using System.Globalization;

namespace Spark.Notebooks;

/// <summary>A run of this user's course that lives on a machine.</summary>
/// <param name="Controller">The process that started it, as <c>machine-pid-id</c>.</param>
/// <param name="IsDriven">Whether that process is still heard from; if not, the machine's watchdog is about to end the run.</param>
public sealed record RemoteRun(string Node, string Run, int Pid, string Controller, bool IsDriven)
{
    internal static RemoteRun Parse(string node, string line) => line.Split(' ') is [var run, var pid, var controller, var driven]
        ? new(node, run, int.Parse(pid, CultureInfo.InvariantCulture), controller, driven == "driven")
        : throw new FormatException($"{node}: '{line}' is no run.");

    public override string ToString() => $"{Run} on {Node} (pid {Pid}), started by {Controller}{(IsDriven ? ", which is at work" : ", which is gone")}";
}
