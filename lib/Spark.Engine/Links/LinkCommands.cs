using System.CommandLine;
using System.Net;

namespace Spark.Engine;

/// <summary>The subcommands of <c>spark-engine measure</c> that take two processes: a link's two ends, and two cores at the same time.</summary>
internal static class LinkCommands
{
    public static void AddTo(Command measure, Option<int[]?> cores, Option<long[]> bytes)
    {
        var transport = new Option<string>("--transport") { Description = "tcp: the source sends. shm: its memory is read.", DefaultValueFactory = _ => "tcp" }.AcceptOnlyFromAmong("tcp", "shm");
        var from = new Option<string>("--from") { Description = "What the source printed.", Required = true };
        var host = new Option<string>("--host") { Description = "IP address to listen on.", DefaultValueFactory = _ => $"{IPAddress.Loopback}" };
        var at = new Option<long>("--at") { Description = "When to begin, in milliseconds since 1970.", Required = true };
        var milliseconds = new Option<int>("--for") { Description = "Milliseconds to compute, and then to read.", DefaultValueFactory = _ => 400 };

        var source = new Command("source", "Hold memory that another process pulls from, until standard input closes.") { cores, transport, host };
        source.SetAction(parsed => LinkSource.Run(parsed.GetValue(cores) ?? [], parsed.GetValue(transport)!, IPAddress.Parse(parsed.GetValue(host)!)));
        var link = new Command("link", "Time pulls from a source and print them as JSON.") { cores, transport, from, bytes };
        link.SetAction(parsed => LinkMeter.Run(parsed.GetValue(cores) ?? [], parsed.GetValue(transport)!, parsed.GetValue(from)!, parsed.GetValue(bytes)!));
        var steady = new Command("steady", "Measure what a core keeps up from a given moment on, and print it as JSON.") { cores, bytes, at, milliseconds };
        steady.SetAction(parsed => SteadyRates.Run(
            parsed.GetValue(cores) ?? [],
            parsed.GetValue(bytes)![0],
            DateTimeOffset.FromUnixTimeMilliseconds(parsed.GetValue(at)),
            TimeSpan.FromMilliseconds(parsed.GetValue(milliseconds))));
        measure.Add(source);
        measure.Add(link);
        measure.Add(steady);
    }
}
