using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Spark.Notebooks;

/// <summary>The ports that a node may listen on: <c>auto</c> (any free one), one port, or a range such as <c>8100-8199</c>.</summary>
public sealed record PortRange(int First, int Last)
{
    static readonly Lock Gate = new();
    static readonly HashSet<int> Taken = [];

    public static PortRange Auto { get; } = new(0, 0);

    /// <summary>Whether another port may be tried when one turns out to be taken.</summary>
    public bool HasChoice => this == Auto || Last > First;

    /// <exception cref="FormatException"><paramref name="text"/> is none of the three.</exception>
    public static PortRange Parse(string text)
    {
        if (text == "auto")
            return Auto;
        var ends = text.Split('-');
        if (ends.Length <= 2 && Port(ends[0]) is { } first && Port(ends[^1]) is { } last && first <= last)
            return new(first, last);
        throw new FormatException($"'{text}' is not \"auto\", a port such as 8100, or a range such as 8100-8199.");
    }

    /// <summary>The range as long as this one that a seat has for itself: seat 1 of 8100-8119 is 8120-8139.</summary>
    /// <exception cref="FormatException">It has no room.</exception>
    public PortRange ForSeat(int seat)
    {
        var shift = seat * (Last - First + 1);
        return this == Auto ? throw new FormatException("ports of another machine are a range such as 8100-8119, not \"auto\".")
            : Last + shift < 65536 ? new(First + shift, Last + shift)
            : throw new FormatException($"seat {seat} would have ports up to {Last + shift}; the highest is 65535.");
    }

    /// <summary>Null when every port of the range is taken.</summary>
    /// <param name="listening">Ports that are in use where it would be; null: those of this machine.</param>
    public int? FindFree(IReadOnlySet<int>? listening = null)
    {
        lock (Gate)
            return this == Auto ? AnyFree() : Enumerable.Range(First, Last - First + 1).Except(Taken).Except(listening ?? Listening()).Select(port => (int?)port).FirstOrDefault();
    }

    /// <summary>A free port that is given to nobody else in this process until it is released, since a program that is starting does not listen yet.</summary>
    public int? Take(IReadOnlySet<int>? listening = null)
    {
        lock (Gate)
        {
            var port = FindFree(listening);
            while (port is { } again && !Taken.Add(again))
                port = FindFree(listening);
            return port;
        }
    }

    public static void Release(int port)
    {
        lock (Gate)
            Taken.Remove(port);
    }

    public static bool IsListening(int port) => Listening().Contains(port);

    public override string ToString() => this == Auto ? "any free port" : HasChoice ? $"ports {First} to {Last}" : $"port {First}";

    static int AnyFree()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    static IEnumerable<int> Listening() => IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Select(end => end.Port);

    static int? Port(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and < 65536 ? port : null;
}
