using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace Spark.Engine;

/// <summary>
/// <c>spark-engine measure source</c>: holds a region that another process pulls from. It prints where, serves until its standard input closes,
/// and then prints what of its own computing time that took.
/// </summary>
internal static class LinkSource
{
    /// <summary>More than most caches hold, so that bytes come from memory as a KV pool's do.</summary>
    public const int RegionBytes = 128 << 20;

    public static int Run(IReadOnlyList<int> cores, string transport, IPAddress host)
    {
        var unpinned = cores.Count > 0 ? Placement.Pin(cores) : null;
        using var region = PatternRegion.Create(RegionBytes);
        using var listener = new TcpListener(host, 0);
        if (transport == "tcp")
        {
            listener.Start();
            new Thread(() => Accept(listener, region)) { Name = "link source", IsBackground = true }.Start();
        }
        Console.WriteLine(JsonSerializer.Serialize(new { source = transport == "tcp" ? listener.LocalEndpoint.ToString() : region.Path, pinned = cores.Count > 0 && unpinned is null }));

        var before = Environment.CpuUsage.TotalTime;
        using var input = Console.OpenStandardInput();
        while (input.ReadByte() >= 0)
        {
        }
        Console.WriteLine(JsonSerializer.Serialize(new { cpu_ms = (Environment.CpuUsage.TotalTime - before).TotalMilliseconds }));
        return 0;
    }

    static void Accept(TcpListener listener, PatternRegion region)
    {
        try
        {
            while (true)
            {
                using var socket = listener.AcceptSocket();
                socket.NoDelay = true;
                Serve(socket, region);
            }
        }
        catch (SocketException)
        {
            // The listener was stopped, or the puller is gone: either way the process ends with its standard input.
        }
    }

    static void Serve(Socket socket, PatternRegion region)
    {
        var request = new byte[TcpPull.RequestBytes];
        while (TcpPull.ReceiveAll(socket, request))
            TcpPull.SendAll(socket, region.Bytes.Slice((int)BitConverter.ToInt64(request), (int)BitConverter.ToInt64(request, sizeof(long))));
    }
}
