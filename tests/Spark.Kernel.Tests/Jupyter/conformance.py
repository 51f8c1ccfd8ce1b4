"""Drives a kernel with Jupyter's own client, one function a claim; prints a JSON object of claims and, for each that fails, why."""
import faulthandler, json, subprocess, sys, tempfile, time, traceback
from jupyter_client import KernelManager
from jupyter_client.session import Session

KERNEL = sys.argv[1]
WAIT = 60


def start(stderr=None):
    manager = KernelManager(kernel_name=KERNEL)
    manager.start_kernel(cwd=tempfile.mkdtemp(), stderr=stderr)
    client = manager.client()
    client.start_channels()
    client.wait_for_ready(timeout=WAIT)
    return manager, client


log = tempfile.TemporaryFile()
manager, client = start(log)


class Run:
    """One execute request, its reply and what came of it on iopub until idle."""

    def __init__(self, code, client=None, wait=True, **options):
        self.client = client or globals()["client"]
        self.id = self.client.execute(code, **options)
        self.messages = []
        if wait:
            self.finish()

    def finish(self):
        self.reply = reply_to(self.id, self.client.get_shell_msg)["content"]
        self.until(lambda m: m["msg_type"] == "status" and m["content"]["execution_state"] == "idle")
        return self

    def until(self, found):
        while True:
            message = self.client.get_iopub_msg(timeout=WAIT)
            if message["parent_header"].get("msg_id") == self.id:
                self.messages.append(message)
                if found(message):
                    return self

    def of(self, kind):
        return [m["content"] for m in self.messages if m["msg_type"] == kind]

    def text(self, name="stdout"):
        return "".join(s["text"] for s in self.of("stream") if s["name"] == name)


def reply_to(id, get):
    while True:
        message = get(timeout=WAIT)
        if message["parent_header"].get("msg_id") == id:
            return message


def ask(kind, **content):
    message = client.session.msg(kind, content)
    client.shell_channel.send(message)
    return reply_to(message["header"]["msg_id"], client.get_shell_msg)


def control(kind, client=None, **content):
    client = client or globals()["client"]
    message = client.session.msg(kind, content)
    client.control_channel.send(message)
    return reply_to(message["header"]["msg_id"], client.get_control_msg)["content"]


def interrupted(code, marker="running"):
    return interrupted_at(f'Console.WriteLine("{marker}");\n' + code, marker)


def interrupted_at(code, marker):
    run = Run(code, wait=False)
    run.until(lambda m: m["msg_type"] == "stream" and marker in m["content"]["text"])
    assert control("interrupt_request")["status"] == "ok"
    run.finish()
    assert run.reply["status"] == "error" and run.reply["ename"] == "Interrupted", run.reply
    return run


def kernel_info_says_what_the_language_is():
    reply = ask("kernel_info_request")["content"]
    assert reply["status"] == "ok" and reply["protocol_version"].startswith("5."), reply
    assert reply["language_info"]["name"] == "C#" and reply["language_info"]["file_extension"] == ".cs", reply
    assert control("kernel_info_request")["implementation"] == "spark-kernel"


def a_cell_is_busy_then_idle_with_its_own_parent():
    run = Run("1 + 1")
    assert [m["msg_type"] for m in run.messages] == ["status", "execute_input", "execute_result", "status"], run.messages
    assert [s["execution_state"] for s in run.of("status")] == ["busy", "idle"]
    assert run.of("execute_input")[0]["code"] == "1 + 1"
    assert "2" in run.of("execute_result")[0]["data"]["text/html"]
    count = run.reply["execution_count"]
    assert run.of("execute_result")[0]["execution_count"] == run.of("execute_input")[0]["execution_count"] == count
    assert Run("2").reply["execution_count"] == count + 1


def both_streams_arrive_while_the_cell_runs():
    run = Run('Console.WriteLine("first");\nConsole.Error.WriteLine("second");\nConsole.ReadLine();', allow_stdin=True, wait=False)
    run.until(lambda m: m["msg_type"] == "stream" and m["content"]["name"] == "stderr")
    assert (run.text(), run.text("stderr")) == ("first\n", "second\n")
    answer_input("")
    run.finish()


def answer_input(value):
    request = client.get_stdin_msg(timeout=WAIT)
    assert request["msg_type"] == "input_request", request
    client.input(value)
    return request


def a_cell_reads_a_line_from_the_front_end():
    run = Run("Console.ReadLine().ToUpperInvariant()", allow_stdin=True, wait=False)
    assert answer_input("typed")["parent_header"]["msg_id"] == run.id
    assert run.finish().of("execute_result")[0]["data"]["text/plain"] == "TYPED"
    assert Run("Console.ReadLine() is null ? \"none\" : \"some\"", allow_stdin=False).of("execute_result")[0]["data"]["text/plain"] == "none"


def ten_thousand_lines_arrive_in_order_and_in_few_messages():
    run = Run("for (var i = 0; i < 10000; i++) Console.WriteLine(i);")
    assert run.text() == "".join(f"{i}\n" for i in range(10000))
    assert len(run.of("stream")) < 1000, len(run.of("stream"))


def a_display_is_updated_where_it_stands():
    run = Run('var shown = display("a");\nshown.Update("b");')
    first, update = run.of("display_data")[0], run.of("update_display_data")[0]
    assert first["data"]["text/plain"] == "a" and update["data"]["text/plain"] == "b"
    assert first["transient"]["display_id"] == update["transient"]["display_id"]
    later = Run('shown.Update("c");')
    assert later.of("update_display_data")[0]["transient"] == first["transient"]


def json_data_is_an_object():
    run = Run('"{\\"layout\\": {\\"a\\": 1}}".DisplayAs("application/vnd.plotly.v1+json");')
    assert run.of("display_data")[0]["data"]["application/vnd.plotly.v1+json"] == {"layout": {"a": 1}}


def an_error_names_its_line_and_no_frame_of_the_host():
    run = Run('var s = "x";\nint.Parse(s)')
    error = run.of("error")[0]
    assert error["ename"] == run.reply["ename"] == "FormatException" and run.reply["status"] == "error"
    assert any("line 2: int.Parse(s)" in line for line in error["traceback"]), error
    assert not any("CodeAnalysis" in line or "Spark.Kernel" in line for line in error["traceback"]), error
    compile_error = Run("var a = 1;\nvar b = ;").reply
    assert compile_error["ename"] == "CompilationError" and compile_error["evalue"].startswith("(2,"), compile_error


def a_missing_library_names_the_build():
    reply = Run('#r "../nowhere/bin/Release/net10.0/Nowhere.dll"').reply
    assert "dotnet build -c Release" in reply["evalue"], reply


def a_failing_cell_drops_those_that_wait_behind_it():
    failing = Run('System.Threading.Thread.Sleep(500); throw new Exception("x");', wait=False)
    waiting = Run("var dropped = 1;", wait=False)
    replies = [reply_to(id, client.get_shell_msg)["content"] for id in (failing.id, waiting.id)]
    assert [r["status"] for r in replies] == ["error", "aborted"], replies
    assert Run("dropped").reply["status"] == "error"


def a_failing_cell_may_let_the_others_run():
    failing = Run('System.Threading.Thread.Sleep(500); throw new Exception("x");', wait=False, stop_on_error=False)
    waiting = Run("var kept = 1;", wait=False)
    replies = [reply_to(id, client.get_shell_msg)["content"] for id in (failing.id, waiting.id)]
    assert [r["status"] for r in replies] == ["error", "ok"], replies


def a_silent_cell_shows_nothing_and_takes_no_number():
    before = Run("1").reply["execution_count"]
    run = Run('var quiet = 7; Console.WriteLine("unheard"); quiet', silent=True)
    assert {m["msg_type"] for m in run.messages} == {"status"}, run.messages
    assert Run("quiet").reply["execution_count"] == before + 1


def a_cell_without_history_takes_no_number():
    before = Run("1").reply["execution_count"]
    assert Run("2", store_history=False).of("execute_result")
    assert Run("3").reply["execution_count"] == before + 1
    assert "2" not in [line for _, _, line in ask("history_request", hist_access_type="tail", n=2, output=False, raw=True)["content"]["history"]]


def user_expressions_are_evaluated():
    run = Run("var six = 6;", user_expressions={"good": "$\"{six * 7}\"", "bad": "nothing"})
    expressions = run.reply["user_expressions"]
    assert expressions["good"]["data"]["text/plain"] == "42" and expressions["bad"]["status"] == "error", expressions


def completion_knows_members_earlier_cells_and_places():
    Run("var throughput = 12;")
    reply = ask("complete_request", code="var é = through", cursor_pos=15)["content"]
    assert reply["matches"] == ["throughput"] and (reply["cursor_start"], reply["cursor_end"]) == (8, 15), reply
    members = ask("complete_request", code="Console.Wri", cursor_pos=11)["content"]
    assert members["matches"] == ["Write", "WriteLine"], members
    astral = ask("complete_request", code='"\U0001F600".Len', cursor_pos=7)["content"]
    assert astral["matches"] == ["Length"] and (astral["cursor_start"], astral["cursor_end"]) == (4, 7), astral


def inspection_gives_signature_overloads_and_documentation():
    Run("/// <summary>Twice.</summary>\nint Twice(int n) => 2 * n;")
    text = ask("inspect_request", code="Twice(1)", cursor_pos=3, detail_level=0)["content"]["data"]["text/plain"]
    assert "int Twice(int n)" in text, text
    overloads = ask("inspect_request", code="Math.Max(", cursor_pos=9, detail_level=1)["content"]["data"]["text/plain"]
    assert "double System.Math.Max(double val1, double val2)" in overloads and "int System.Math.Max" in overloads, overloads
    assert "larger of two" in overloads, overloads
    assert not ask("inspect_request", code="unknown", cursor_pos=3, detail_level=0)["content"]["found"]


def completeness_is_judged():
    for code, status in {"1 + 1": "complete", "for (": "incomplete", "int F() {": "incomplete", "var x = ;": "invalid"}.items():
        assert ask("is_complete_request", code=code)["content"]["status"] == status, code


def history_has_tail_range_and_search():
    count = Run('"findable"').reply["execution_count"]
    assert ask("history_request", hist_access_type="tail", n=1, output=True, raw=True)["content"]["history"] == [[0, count, ['"findable"', "findable"]]]
    assert ask("history_request", hist_access_type="range", session=0, start=count, stop=count + 1, output=False, raw=True)["content"]["history"] == [[0, count, '"findable"']]
    assert len(ask("history_request", hist_access_type="search", pattern="*findable*", n=5, unique=True, output=False, raw=True)["content"]["history"]) == 1


def comms_are_tolerated():
    assert ask("comm_info_request")["content"]["comms"] == {}
    message = client.session.msg("comm_open", {"comm_id": "c", "target_name": "widget", "data": {}})
    client.shell_channel.send(message)
    client.shell_channel.send(client.session.msg("comm_msg", {"comm_id": "c", "data": {}}))
    while client.get_iopub_msg(timeout=WAIT)["msg_type"] != "comm_close":
        pass
    assert Run("1").reply["status"] == "ok"


def an_interrupt_stops_loops_and_waits_and_leaves_computing_libraries_behind():
    Run("var survivor = 5;")
    run = interrupted("var early = 1;\nwhile (true) { }")
    assert any("line 3: while (true)" in line for line in run.reply["traceback"]), run.reply
    interrupted("await Task.Delay(-1);")
    interrupted("while (true) await Task.Delay(10);")
    interrupted("System.Threading.Thread.Sleep(-1);")
    interrupted("Task.Delay(-1).Wait();")
    run = interrupted("Enumerable.Range(0, int.MaxValue).Sum(i => Math.Sin(i))")
    # A busy machine may not have let it come as far as that before it was interrupted.
    assert "restart the kernel" in run.reply["evalue"] or run.reply["evalue"] == "the cell was interrupted", run.reply
    assert Run("$\"{survivor} {early}\"").of("execute_result")[0]["data"]["text/plain"] == "5 1"


def an_interrupt_runs_the_cells_own_clean_up():
    run = interrupted("try { while (true) await Task.Delay(5); } finally { Console.WriteLine(\"cleaned\"); }")
    assert "cleaned" in run.text(), run.messages


def an_interrupt_reaches_calls_that_take_a_token_and_waits_for_their_clean_up():
    Run("""using System.Threading;
async Task<int> WorkAsync(int n = 0, CancellationToken cancellation = default) {
    try { Console.WriteLine("working"); await Task.Delay(-1, cancellation); return n; } finally { await Task.Delay(800); Console.WriteLine($"cleaned {n}"); }
}
Task DoAsync(Func<Task> work, string name = "", CancellationToken stop = default) => work();
var value = 0;""")
    for code, cleaned in {
        "await WorkAsync();": "cleaned 0",
        "value = await WorkAsync(n: 1);": "cleaned 1",
        "await DoAsync(() => WorkAsync(2));": "cleaned 2",
        "await DoAsync(name: \"named\", work: async () => { await WorkAsync(3); });": "cleaned 3",
        "foreach (var n in new[] { 4, 5 })\n    value += await WorkAsync(n);": "cleaned 4",
    }.items():
        run = interrupted_at(code, "working")
        assert run.text() == f"working\n{cleaned}\n", (code, run.text())
    own = Run("var mine = new CancellationTokenSource(50);\ntry { await WorkAsync(6, mine.Token); } catch (OperationCanceledException) { }")
    assert own.reply["status"] == "ok" and own.text() == "working\ncleaned 6\n", own.reply
    assert Run('$"{value}"').of("execute_result")[0]["data"]["text/plain"] == "0"


def an_interrupt_without_a_cell_harms_nothing():
    assert control("interrupt_request")["status"] == "ok"
    assert Run("1").reply["status"] == "ok"


def background_output_goes_to_the_cell_that_started_it():
    early = Run("var go = new TaskCompletionSource();\nvar work = Task.Run(async () => { await go.Task; Console.WriteLine(\"late\"); display(\"shown\"); });")
    Run("go.SetResult();\nawait work;", wait=False)
    early.until(lambda m: m["msg_type"] == "display_data")
    assert early.text() == "late\n", early.messages


def an_exception_on_a_background_thread_is_told_and_survived():
    run = Run("new System.Threading.Thread(() => throw new FormatException(\"lost\")).Start();\nawait Task.Delay(100);", wait=False)
    run.until(lambda m: m["msg_type"] == "stream" and "FormatException: lost" in m["content"]["text"])
    assert Run("1").reply["status"] == "ok"


def a_wrongly_signed_or_malformed_message_is_dropped_and_logged():
    forger = Session(key=b"not the key")
    socket = client.shell_channel.socket
    genuine = client.session.serialize(client.session.msg("kernel_info_request", {}))
    forger.send(socket, "execute_request", {"code": "var forged = 1;", "silent": False})
    for frames in ([b"nonsense"], [b"<IDS|MSG>", b"short"], [genuine[0], b"", *genuine[2:]], [*genuine[:2], b"not json", *genuine[3:]]):
        socket.send_multipart(frames)
    signed = [b"[]", b"{}", b"{}", b"{}"]
    socket.send_multipart([b"<IDS|MSG>", client.session.sign(signed), *signed])
    assert Run("forged").reply["ename"] == "CompilationError"
    log.seek(0)
    lines = [line for line in log.read().decode().splitlines() if "dropped" in line]
    assert len(lines) == 6 and any("signature is wrong" in line for line in lines), lines


def the_heartbeat_beats_while_a_cell_computes():
    run = Run('Console.WriteLine("on");\nvar until = DateTime.UtcNow.AddSeconds(3); while (DateTime.UtcNow < until) { }', wait=False)
    run.until(lambda m: m["msg_type"] == "stream")
    import zmq
    beat = zmq.Context().socket(zmq.REQ)
    beat.linger = 0
    beat.connect(f"tcp://{manager.ip}:{manager.hb_port}")
    beat.send(b"ping")
    assert beat.poll(WAIT * 1000) and beat.recv() == b"ping"
    assert not [m for m in run.messages if m["msg_type"] == "status" and m["content"]["execution_state"] == "idle"]
    run.finish()


def a_restart_forgets_and_a_shutdown_ends():
    other, other_client = start()
    Run("var gone = 1;", client=other_client)
    pid = other.provisioner.pid
    other.restart_kernel()
    other_client.wait_for_ready(timeout=WAIT)
    assert other.provisioner.pid != pid
    assert Run("gone", client=other_client).reply["status"] == "error"
    pid = other.provisioner.pid
    assert control("shutdown_request", client=other_client, restart=False) == {"status": "ok", "restart": False}
    wait_gone([pid], lambda: other.is_alive())
    other_client.stop_channels()
    other.shutdown_kernel(now=True)


def a_killed_front_end_takes_its_kernel_and_what_that_started_along():
    front_end = subprocess.Popen([sys.executable, __file__, KERNEL, "--front-end"], stdout=subprocess.PIPE, text=True)
    pids = [int(pid) for pid in front_end.stdout.readline().split()]
    assert len(pids) == 2 and all(alive(pid) for pid in pids), pids
    front_end.kill()
    front_end.wait()
    wait_gone(pids)


def serve_as_front_end():
    code = 'var node = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("cat") { RedirectStandardInput = true });\nConsole.WriteLine(node.Id);'
    print(manager.provisioner.pid, Run(code).text().strip(), flush=True)
    time.sleep(600)


def alive(pid):
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def wait_gone(pids, poll=lambda: None):
    deadline = time.monotonic() + WAIT
    while any(alive(pid) for pid in pids):
        poll()
        assert time.monotonic() < deadline, f"still running: {pids}"
        time.sleep(0.1)


def begin_anew():
    """A kernel that failed one claim, perhaps for good, is not asked about the next."""
    global manager, client
    client.stop_channels()
    manager.shutdown_kernel(now=True)
    manager, client = start(log)


def main():
    faulthandler.dump_traceback_later(WAIT * 5)
    claims = [value for name, value in list(globals().items()) if callable(value) and getattr(value, "__module__", "") == "__main__" and name not in HELPERS]
    results = {}
    for claim in claims:
        try:
            claim()
            results[claim.__name__] = None
        except Exception:
            results[claim.__name__] = traceback.format_exc()
            print(claim.__name__, results[claim.__name__], file=sys.stderr, flush=True)
            begin_anew()
    client.stop_channels()
    manager.shutdown_kernel(now=True)
    print(json.dumps(results))


HELPERS = {"Run", "start", "reply_to", "ask", "control", "interrupted", "interrupted_at", "answer_input", "serve_as_front_end", "alive", "wait_gone", "begin_anew", "main"}
serve_as_front_end() if "--front-end" in sys.argv else main()
