using System.Text;
using CsCheck;
using Microsoft.Extensions.Time.Testing;

namespace Spark.Notebooks.Tests;

public class ReadingEventStreams
{
    static readonly Gen<string> Data = Gen.String.Select(text => text.Replace("\r", "").Replace("\n", "")).Where(text => !text.Contains('\0'));

    [Fact]
    public void Events_are_the_same_wherever_the_bytes_are_cut() =>
        Gen.Select(Data.Array[1, 8], Gen.Int[1, 40].Array[1, 20], Gen.Bool, Gen.Bool).Sample((data, cuts, carriageReturns, comments) =>
        {
            var newline = carriageReturns ? "\r\n" : "\n";
            var stream = string.Concat(data.Select(item => $"{(comments ? $": keep-alive{newline}{newline}" : "")}data: {item}{newline}{newline}"));
            return Read(stream, cuts).Select(item => Encoding.UTF8.GetString(item.Data)).SequenceEqual(data);
        }, iter: 2_000);

    [Fact]
    public void An_event_has_the_time_of_the_bytes_that_complete_it()
    {
        // One tick of a millisecond a read: "data: a\n", "\ndata: b\n\ndata", ": c\n\n".
        var arrivals = Read("data: a\n\ndata: b\n\ndata: c\n\n", [8, 14, 5]).Select(item => item.Arrival / TimeSpan.TicksPerMillisecond).ToArray();
        Assert.Equal([2, 2, 3], arrivals.Select(arrival => arrival - Origin));
    }

    [Fact]
    public void An_event_that_was_cut_off_is_none() => Assert.Single(Read("data: a\n\ndata: b\n", [100]));

    static long Origin => new FakeTimeProvider().GetTimestamp() / TimeSpan.TicksPerMillisecond;

    static List<SseEvent> Read(string stream, int[] cuts)
    {
        var time = new FakeTimeProvider();
        return SseEvent.ReadAsync(new CutStream(Encoding.UTF8.GetBytes(stream), cuts, time), time, default).ToBlockingEnumerable().ToList();
    }

    /// <summary>Gives its bytes in pieces of the given sizes, over and over, a millisecond apart.</summary>
    sealed class CutStream(byte[] bytes, int[] cuts, FakeTimeProvider time) : MemoryStream(bytes)
    {
        int next;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            time.Advance(TimeSpan.FromMilliseconds(1));
            return base.ReadAsync(buffer[..Math.Min(buffer.Length, cuts[next++ % cuts.Length])], cancellationToken);
        }
    }
}
