using System.Diagnostics;
using System.Net.Sockets;
using System.Text.Json;

namespace Spark.Engine;

/// <summary><c>spark-engine measure link</c>: times pulls of several sizes from a source, and prints every time in microseconds as JSON.</summary>
internal static class LinkMeter
{
    static readonly TimeSpan PerSize = TimeSpan.FromMilliseconds(120);
    const int Warmup = 3, Fewest = 7, Most = 400;

    public static int Run(IReadOnlyList<int> cores, string transport, string source, IReadOnlyList<long> sizes)
    {
        var unpinned = cores.Count > 0 ? Placement.Pin(cores) : null;
        if (sizes.FirstOrDefault(size => size is < sizeof(long) or > LinkSource.RegionBytes / 2 || size % sizeof(long) != 0) is var wrong && wrong != 0)
        {
            Console.Error.WriteLine($"{wrong} bytes cannot be pulled: sizes are multiples of {sizeof(long)}, up to {LinkSource.RegionBytes / 2}.");
            return 2;
        }
        using var link = Open(transport, source);
        using var destination = new NativeBuffer(LinkSource.RegionBytes);
        var pulls = new Pulls(link, destination);
        pulls.TouchEverything();
        var times = sizes.ToDictionary(size => $"{size}", size => pulls.Time((int)size).Select(time => Math.Round(time.TotalMicroseconds, 2)).ToArray());
        Console.WriteLine(JsonSerializer.Serialize(new { transport, microseconds = times, pulled_bytes = pulls.PulledBytes, region_bytes = LinkSource.RegionBytes, pinned = cores.Count > 0 && unpinned is null }));
        return 0;
    }

    static ILinkPull Open(string transport, string source)
    {
        try
        {
            return transport == "tcp" ? new TcpPull(source) : new ShmPull(source);
        }
        catch (Exception error) when (error is SocketException or IOException or UnauthorizedAccessException or FormatException)
        {
            throw new IOException($"There is no {transport} source at {source} ({error.Message}): start one with spark-engine measure source --transport {transport}, and give what it prints.", error);
        }
    }

    /// <summary>Pulls from one place after the other, so that no cache has seen a byte before, and to the same place here.</summary>
    sealed unsafe class Pulls(ILinkPull link, NativeBuffer destination)
    {
        long position;

        public long PulledBytes { get; private set; }

        /// <summary>Maps every page on both sides, which a running engine has done long ago.</summary>
        public void TouchEverything()
        {
            const int piece = 1 << 20;
            for (var i = 0; i < LinkSource.RegionBytes / piece; i++)
                Pull(piece);
        }

        public List<TimeSpan> Time(int size)
        {
            var times = new List<TimeSpan>(Most);
            var started = Stopwatch.GetTimestamp();
            for (var i = -Warmup; i < Fewest || i < Most && Stopwatch.GetElapsedTime(started) < PerSize; i++)
            {
                var time = Pull(size);
                if (i >= 0)
                    times.Add(time);
            }
            return times;
        }

        TimeSpan Pull(int size)
        {
            if (position + size > LinkSource.RegionBytes)
                position = 0;
            var here = new Span<byte>(destination.Pointer + position, size);
            var started = Stopwatch.GetTimestamp();
            link.Pull(position, here);
            var time = Stopwatch.GetElapsedTime(started);
            if (!PatternRegion.IsCopyOf(here, position))
                throw new InvalidDataException($"What was pulled from offset {position} is not what the source holds there.");
            position += size;
            PulledBytes += size;
            return time;
        }
    }
}
