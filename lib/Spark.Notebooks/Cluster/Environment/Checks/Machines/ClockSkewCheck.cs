namespace Spark.Notebooks;

/// <summary>How far the machine's clock is from this one's. No latency depends on it: each is taken on one side.</summary>
internal sealed class ClockSkewCheck : IMachineCheck
{
    public string Name => "clock";

    public Finding Judge(NodeReadings node, MachineReadings machine, EnvironmentKnobs knobs)
    {
        if (machine.Clock is not { } clock)
            return Finding.NotAvailable;
        var found = $"{Figures.Show(clock.Ahead.Duration().TotalMilliseconds, "ms")} {(clock.Ahead > TimeSpan.Zero ? "ahead of" : "behind")} this one, give or take {Figures.Show(clock.HalfRoundTrip.TotalMilliseconds, "ms")} (half a round trip)";
        return clock.Ahead.Duration() - clock.HalfRoundTrip <= knobs.ClockSkew
            ? Finding.Pass(found)
            : Finding.Warn(found, "Only logs are hard to compare by it, since every latency is taken on one side. timedatectl set-ntp true on all machines mends it.");
    }
}
