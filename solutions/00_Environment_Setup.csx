// %% exercise-1
// Both ceilings are per second, so the seconds cancel: FLOP/s ÷ B/s = FLOP a byte.
var reads = ceilings[0].ReadBytesPerSecondAt(knobs.ReadBuffer.Bytes);
Check.Ridge(ceilings[0], knobs.ReadBuffer, answer: ceilings[0].FlopPerSecond / reads)

// %% exercise-1 mistake
// Upside down: bytes a FLOP.
Check.Ridge(ceilings[0], knobs.ReadBuffer, answer: reads / ceilings[0].FlopPerSecond)

// %% exercise-2
// The latency once, then every byte at the bandwidth.
var block = new ByteSize(64 << 10);
var tcpLine = tcp.LatencyAndBandwidth;
var moving = 1e6 * block.Bytes / tcpLine.PeakBytesPerSecond;   // µs
Check.TransferTime(tcp.LatencyAndBandwidth, new ByteSize(64 << 10), answer:
    tcpLine.Latency.TotalMicroseconds + moving)

// %% exercise-2 mistake
// Bytes ÷ bandwidth, as if the link answered at once.
Check.TransferTime(tcp.LatencyAndBandwidth, new ByteSize(64 << 10), answer: moving)

// %% exercise-3
// Half of the bandwidth: as long on the way as waiting. So it is what the bandwidth moves in one latency.
var bytes = tcpLine.Latency.TotalSeconds * tcpLine.PeakBytesPerSecond;
Check.HalfBandwidth(tcp.LatencyAndBandwidth, answer: bytes / 1024)

// %% exercise-3 mistake
// In bytes.
Check.HalfBandwidth(tcp.LatencyAndBandwidth, answer: bytes)
