"""What `spark-engine measure` is for a core, for a GPU: the same subcommands, the same JSON. It ends when its standard input closes."""
import argparse
import array
import ctypes
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import time

REGION = 128 << 20
REQUEST = 16
WARMUP, FEWEST, MOST, PER_SIZE_S = 3, 7, 400, 0.12


class Device:
    """The GPU, or where PyTorch finds none, the CPU."""

    def __init__(self):
        import torch

        self.torch = torch
        self.cuda = torch.cuda.is_available()
        self.name = "cuda" if self.cuda else "cpu"
        self.dtype = torch.bfloat16 if self.cuda else torch.float32
        # Large enough that a GPU's tensor cores are busy, small enough for a CPU to be done in a second.
        self.size = 8192 if self.cuda else 1024
        self.a = torch.randn(self.size, self.size, device=self.name).to(self.dtype)
        self.b = torch.randn(self.size, self.size, device=self.name).to(self.dtype)

    def wait(self):
        if self.cuda:
            self.torch.cuda.synchronize()

    def multiply(self):
        """FLOP of one matrix product, a multiply-add counted as two."""
        self.torch.matmul(self.a, self.b)
        return 2 * self.size**3

    def buffer(self, size):
        return self.torch.ones(size // 4, dtype=self.torch.float32, device=self.name)

    def read(self, buffer):
        """Bytes that one sum over the buffer reads."""
        buffer.sum()
        return buffer.numel() * 4

    def rate(self, unit, seconds):
        """Units a second, kept up for so long."""
        self.wait()
        done, began = 0, time.perf_counter()
        while True:
            done += unit()
            self.wait()
            passed = time.perf_counter() - began
            if passed >= seconds:
                return done / passed

    def best(self, unit):
        self.rate(unit, 0.2)
        return max(self.rate(unit, 0.1) for _ in range(8))

    def facts(self):
        version = f"PyTorch {self.torch.__version__}" + (f", CUDA {self.torch.version.cuda}" if self.cuda else "")
        return {
            "simd": f"{str(self.dtype).split('.')[-1]} on {self.torch.cuda.get_device_name() if self.cuda else 'CPU'}",
            "architecture": os.uname().machine,
            "runtime": version,
            "pinned": self.cuda,
        }


def say(figures):
    print(json.dumps(figures), flush=True)


def ceilings(options):
    device = Device()
    flops = device.best(device.multiply)
    reads = {}
    for size in options.bytes:
        buffer = device.buffer(size)
        reads[str(size)] = round(device.best(lambda: device.read(buffer)) / 1e9, 1)
    say({"fma_gflops": round(flops / 1e9, 1), "read_gbytes_per_s": reads, **device.facts()})


def steady(options):
    device, seconds = Device(), getattr(options, "for") / 1e3
    buffer = device.buffer(options.bytes[0])
    device.multiply()
    device.read(buffer)
    device.wait()
    start = options.at / 1e3
    time.sleep(max(0.0, start - time.time()))
    late = time.time() - start

    def slices(unit, until):
        rates = []
        while not rates or time.time() < until:
            rates.append(round(device.rate(unit, 0.02)))
        return rates

    flops = slices(device.multiply, start + seconds)
    reads = slices(lambda: device.read(buffer), start + 2 * seconds)
    say({"flop_per_s": flops, "read_bytes_per_s": reads, "late_ms": round(1e3 * late, 1), "pinned": device.cuda})


def receive(connection, view):
    """False when the other side closed before the last byte."""
    while view:
        count = connection.recv_into(view)
        if count == 0:
            return False
        view = view[count:]
    return True


def serve(listener, region):
    while True:
        connection, _ = listener.accept()
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        request = bytearray(REQUEST)
        with connection:
            while receive(connection, memoryview(request)):
                offset, size = array.array("q", bytes(request))
                connection.sendall(region[offset : offset + size])


def perftest(options):
    """ib_read_lat with this device, or none: it reads out of the other side's memory as NIXL does, and tells every size's time."""
    program = shutil.which("ib_read_lat")
    if program is None:
        sys.exit("ib_read_lat is not installed: sudo apt install perftest")
    device, _, port = (options.device or "").split(",")[0].partition(":")
    return [program, "--all", "-F", *(["-d", device, "-i", port or "1"] if device else [])]


def source(options):
    if options.transport == "rdma":
        command = perftest(options)
        with socket.socket() as probe:
            probe.bind((options.host, 0))
            port = probe.getsockname()[1]
        server = subprocess.Popen([*command, "-p", str(port)], stdout=subprocess.DEVNULL, stderr=sys.stderr)
        where = f"{options.host}:{port}"
    else:
        region = memoryview(bytearray(REGION))
        ctypes.memset((ctypes.c_char * REGION).from_buffer(region), 1, REGION)
        listener = socket.create_server((options.host, 0))
        threading.Thread(target=serve, args=(listener, region), daemon=True).start()
        server, where = None, "%s:%d" % listener.getsockname()[:2]
    say({"source": where, "pinned": False})
    before = time.process_time()
    while sys.stdin.buffer.read(1):
        pass
    used = time.process_time() - before
    if server is not None:
        server.kill()
        server.wait()
    say({"cpu_ms": round(1e3 * used, 3)})


def link(options):
    host, _, port = getattr(options, "from").rpartition(":")
    times = by_rdma(options, host, port) if options.transport == "rdma" else by_tcp(options, host, int(port))
    pulled = sum(int(size) * len(each) for size, each in times.items())
    say({"transport": options.transport, "microseconds": times, "pulled_bytes": pulled, "region_bytes": REGION, "pinned": False})


def by_tcp(options, host, port):
    here, position = memoryview(bytearray(REGION)), 0
    with socket.create_connection((host, port)) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

        def pull(size):
            nonlocal position
            if position + size > REGION:
                position = 0
            began = time.perf_counter()
            connection.sendall(array.array("q", [position, size]).tobytes())
            if not receive(connection, here[position : position + size]):
                sys.exit("The source closed the connection before all bytes were here.")
            passed = time.perf_counter() - began
            position += size
            return passed

        for _ in range(REGION >> 20):
            pull(1 << 20)
        times = {}
        for size in options.bytes:
            each, began = [], time.perf_counter()
            for i in range(-WARMUP, MOST):
                if i >= FEWEST and time.perf_counter() - began > PER_SIZE_S:
                    break
                passed = pull(size)
                if i >= 0:
                    each.append(round(1e6 * passed, 2))
            times[str(size)] = each
        return times


def by_rdma(options, host, port):
    run = subprocess.run([*perftest(options), "-p", port, host], capture_output=True, text=True, timeout=50)
    times = read_latencies(run.stdout, options.bytes)
    if run.returncode != 0 or not times:
        sys.exit(f"ib_read_lat ended with exit code {run.returncode}: {(run.stderr or run.stdout).strip()[-600:]}")
    return times


def read_latencies(output, sizes):
    """Typical times in microseconds of ib_read_lat's table: bytes, iterations, t_min, t_max, t_typical, …"""
    rows = re.findall(r"^\s*(\d+)\s+\d+\s+[\d.]+\s+[\d.]+\s+([\d.]+)", output, re.MULTILINE)
    return {size: [float(typical)] for size, typical in rows if int(size) in sizes}


def parse(arguments):
    parser = argparse.ArgumentParser(prog="measure.py", description=__doc__)
    measure = parser.add_subparsers(required=True).add_parser("measure")
    commands = measure.add_subparsers()
    measure.set_defaults(run=ceilings)
    for command in (measure, *(commands.add_parser(name) for name in ("steady", "source", "link"))):
        command.add_argument("--bytes", type=lambda text: [int(size) for size in text.split(",")], default=[1 << 20, 16 << 20, 64 << 20, 256 << 20])
        command.add_argument("--device", help="RDMA devices such as rocep1s0f1:1; the first is used")
        if command.prog.endswith("steady"):
            command.add_argument("--at", type=int, required=True, help="milliseconds since 1970")
            command.add_argument("--for", type=int, default=400, help="milliseconds")
        if command.prog.endswith(("source", "link")):
            command.add_argument("--transport", choices=["tcp", "rdma"], default="tcp")
        if command.prog.endswith("source"):
            command.add_argument("--host", default="127.0.0.1")
        if command.prog.endswith("link"):
            command.add_argument("--from", required=True)
    for name, function in (("steady", steady), ("source", source), ("link", link)):
        commands.choices[name].set_defaults(run=function)
    return parser.parse_args(arguments)


if __name__ == "__main__":
    chosen = parse(sys.argv[1:])
    chosen.run(chosen)
