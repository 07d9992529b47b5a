"""What plugins that nobody uses cost: the function's start with one plugin in its folder, and with a hundred.

Called by `tests/hundred`: folder of the binaries, the webhook plugin's component, a folder to work in.
"""

import json
import os
import statistics
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple

RUNS = 10
EVENT = {
    "payload": {
        "event_id": "01a20694-3550-7cc3-98c4-{number:012d}",
        "device_id": "home-heating",
        "status": "INACTIVE",
        "occurred_at": "2026-11-23T04:05:06Z",
    },
    "topic": "home/heating/status",
    "client_id": "home-heating",
    "trace_id": "5f0c1b2e-8a47-4d19-9c3e-{number:012d}",
    "received_at": 1795406708000,
}
CONFIG = """
[channels.hook]
plugin = "webhook"
allow = ["https://example.com"]
settings.url = "https://example.com/hook"

[[routes]]
name = "all"
when = 'event.status == "INACTIVE"'
channels = ["hook"]
"""


class Start(NamedTuple):
    """One start of the function: milliseconds, and MiB."""

    ready: float
    delivered: float
    answered: float
    memory: float


class Runtime(ThreadingHTTPServer):
    """The Runtime API with one event, and the catcher of its message."""

    daemon_threads = True

    def __init__(self, event: dict) -> None:
        self.event = json.dumps(event).encode()
        self.begun = time.monotonic()
        self.times: dict[str, float] = {}
        self.answer = b""
        self.done = threading.Event()
        super().__init__(("127.0.0.1", 0), Handler)

    def handle_error(self, request: object, client_address: object) -> None:
        """A function that is ended breaks its connections off."""

    def note(self, what: str) -> None:
        """When something happened first, in milliseconds from the process's start."""
        self.times.setdefault(what, 1000 * (time.monotonic() - self.begun))


class Handler(BaseHTTPRequestHandler):
    """What the function and its plugin ask."""

    protocol_version = "HTTP/1.1"
    server: Runtime

    def do_GET(self) -> None:
        """The next invocation: the first time the event, and then nothing."""
        if "ready" in self.server.times:
            threading.Event().wait()
        self.server.note("ready")
        deadline = str(int(1000 * (time.time() + 30)))
        headers = {"Lambda-Runtime-Aws-Request-Id": "1", "Lambda-Runtime-Deadline-Ms": deadline}
        self.reply(200, self.server.event, headers)

    def do_POST(self) -> None:
        """The function's answer, or the message."""
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if "/runtime/" not in self.path:
            self.server.note("delivered")
            self.reply(200, b"{}", {})
            return
        self.server.answer = body
        self.server.note("answered")
        self.reply(202, b"", {})
        self.server.done.set()

    def reply(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        """Sends an answer."""
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Says nothing."""


def plugins(component: Path, folder: Path, unused: int) -> None:
    """The component, and `unused` others that call themselves `idle000` and so on."""
    folder.mkdir()
    wasm = component.read_bytes()
    name = b'"name": "webhook"'
    if wasm.count(name) != 1:
        raise SystemExit(f"tests/hundred: {component} does not hold its name once")
    (folder / "webhook.wasm").write_bytes(wasm)
    for number in range(unused):
        other = b'"name": "idle%03d"' % number
        (folder / f"idle-{number:03d}.wasm").write_bytes(wasm.replace(name, other))


def start(binaries: Path, config: Path, folder: Path, number: int) -> Start:
    """Starts the function, gives it one event, and ends it."""
    event = json.loads(json.dumps(EVENT).replace("{number:012d}", f"{number:012d}"))
    server = Runtime(event)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"127.0.0.1:{server.server_address[1]}"
    environment = {
        "AWS_LAMBDA_RUNTIME_API": address,
        "AWS_LAMBDA_FUNCTION_NAME": "campanile",
        "AWS_LAMBDA_FUNCTION_VERSION": "1",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "256",
        "AWS_LAMBDA_LOG_GROUP_NAME": "campanile",
        "AWS_LAMBDA_LOG_STREAM_NAME": "campanile",
        "CAMPANILE_CONFIG": str(config),
        "CAMPANILE_PLUGINS": str(folder),
        "CAMPANILE_STORE": "memory",
        "CAMPANILE_CATCH": f"http://{address}",
        "PATH": os.environ.get("PATH", ""),
    }
    server.begun = time.monotonic()
    command = [binaries / "bootstrap"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        answered = server.done.wait(60)
        status = Path(f"/proc/{process.pid}/status").read_text(encoding="utf-8") if process.poll() is None else ""
        process.kill()
        complaint = process.stderr.read().decode() if process.stderr else ""
    server.shutdown()
    if not answered or "delivered" not in server.times:
        raise SystemExit(f"tests/hundred: nothing was delivered: {server.answer.decode()}\n{complaint}")
    most = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
    times = server.times
    return Start(times["ready"], times["delivered"], times["answered"], int(most.split()[1]) / 1024)


def main() -> None:
    """Measures both folders by turns, so that a busy moment of the machine hits both."""
    binaries, component, scratch = map(Path, sys.argv[1:])
    config = scratch / "campanile.toml"
    config.write_text(CONFIG, encoding="utf-8")
    folders = {"1 plugin": 0, "100 plugins, 99 unused": 99}
    for name, unused in folders.items():
        plugins(component, scratch / name, unused)
        compile_all = [binaries / "campanile", "plugin", "compile", "--plugins", scratch / name]
        subprocess.run(compile_all, check=True, stdout=subprocess.DEVNULL)
    starts: dict[str, list[Start]] = {name: [] for name in folders}
    for run in range(RUNS):
        for name in folders:
            starts[name].append(start(binaries, config, scratch / name, run))
    rows = [
        ("Until it asks for an event", "ready", "ms"),
        ("Until the message is at the provider", "delivered", "ms"),
        ("Until it has answered", "answered", "ms"),
        ("Most memory", "memory", "MiB"),
    ]
    print("| p50 of", RUNS, "starts |", " | ".join(folders), "|")
    print("|---" * (1 + len(folders)) + "|")
    for title, field, unit in rows:
        medians = [statistics.median(getattr(one, field) for one in starts[name]) for name in folders]
        print(f"| {title} |", " | ".join(f"{median:.1f} {unit}" for median in medians), "|")


if __name__ == "__main__":
    main()
