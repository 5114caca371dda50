"""What can go wrong around a check: one clear message, the documented exit code, and nothing lost."""

import contextlib
import http.server
import json
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from conformance.journal import records
from tests.forks import Fork
from tests.running import KEY, ROOT, clean_environment, free_port, roomcheck, served


def told(run: subprocess.CompletedProcess[str], code: int, *words: str) -> None:
    """One message on stderr that says this, that exit code, and no traceback."""
    assert "Traceback" not in run.stderr + run.stdout
    lines = [line for line in run.stderr.splitlines() if line.startswith("roomcheck: ")]
    assert len(lines) == 1, run.stderr
    for word in words:
        assert word in run.stderr
    assert run.returncode == code


def ended(path: Path, code: int) -> records.Journal:
    made = records.read(path)
    assert made.footer is not None
    assert made.footer.exit_code == code
    assert made.notes
    return made


@contextlib.contextmanager
def web_server(body: bytes, status: int = 200) -> Iterator[str]:
    """Something that speaks HTTP and no Socket.IO."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_dead_port(tmp_path: Path) -> None:
    path, report = tmp_path / "run.ndjson", tmp_path / "report.json"
    url = f"http://127.0.0.1:{free_port()}"
    run = roomcheck("check", url, "--journal", str(path), "--report", f"json={report}")
    told(run, 3, "nothing answers at", url)
    ended(path, 3)
    assert json.loads(report.read_text())["exit_code"] == 3


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        (b"<h1>hello</h1>", 200, "no Engine.IO 4 handshake over websocket: got 200 <h1>hello</h1>; correct the URL"),
        (b"nothing here", 404, "got 404 nothing here; correct the URL, or `path` of the target"),
        (b'{"code":5,"message":"Unsupported protocol version"}', 400, "does not speak Engine.IO 4"),
        (b"0{broken", 200, "got 200 0{broken"),
    ],
)
def test_a_port_that_is_not_socket_io(body: bytes, status: int, words: str, tmp_path: Path) -> None:
    path = tmp_path / "run.ndjson"
    with web_server(body, status) as url:
        run = roomcheck("check", url, "--journal", str(path))
    told(run, 3, words)
    ended(path, 3)


def test_a_port_that_does_not_speak_http(tmp_path: Path) -> None:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()

        def answer() -> None:
            connection, _ = listening.accept()
            connection.recv(10_000)
            connection.sendall(b"SSH-2.0-none of yours\r\n")
            connection.close()

        thread = threading.Thread(target=answer)
        thread.start()
        run = roomcheck("check", f"http://127.0.0.1:{listening.getsockname()[1]}")
        thread.join()
    told(run, 3, "does not speak HTTP")


DYING = """
import asyncio, os, sys
from conformance.reference import host
from conformance.reference.service import Service

class Mortal(Service):
    heard = 0
    async def on_event(self, event, sid, *args):
        Mortal.heard += 1
        if Mortal.heard > 150:
            os._exit(1)
        return await super().on_event(event, sid, *args)

host.DIALECTS["sos"] = Mortal
service = host.make(None, sys.argv[1])
host.serve_for_ever("127.0.0.1", 0, service, "dying", lambda line: print(line, flush=True))
"""


def test_a_service_that_dies_in_the_middle(tmp_path: Path) -> None:
    path = tmp_path / "run.ndjson"
    dying = subprocess.Popen(
        [sys.executable, "-c", DYING, KEY], cwd=ROOT, stdout=subprocess.PIPE, text=True, env=clean_environment()
    )
    assert dying.stdout is not None
    url = dying.stdout.readline().split()[2].rstrip(",")
    run = roomcheck("check", url, "--jwt-key", KEY, "--journal", str(path))
    assert dying.wait(10) == 1
    dying.stdout.close()
    assert run.returncode == 3
    assert "Traceback" not in run.stdout + run.stderr
    assert "the service stopped answering" in run.stdout
    assert f"(nothing answers at {url}: " in " ".join(run.stdout.split())
    assert "SERVICE LOST" in run.stdout
    made = ended(path, 3)
    assert made.transcripts
    assert not [verdict for verdict in made.verdicts if verdict.outcome.value in ("fail", "error")]


def test_an_unreadable_contract(tmp_path: Path) -> None:
    folder, path = tmp_path / "broken", tmp_path / "run.ndjson"
    (folder / "events").mkdir(parents=True)
    (folder / "bundle.json").write_text('{"bundle": "b",\n "titel": 1,}')
    (folder / "events" / "e.json").write_text("{}")
    run = roomcheck("check", "--contracts", str(folder), "--journal", str(path))
    told(run, 2, f"{folder}/bundle.json:2: is not JSON")
    ended(path, 2)


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_check_keeps_its_journal(sent: signal.Signals, tmp_path: Path) -> None:
    path = tmp_path / "run.ndjson"
    with served("--lie", "status-is-kept-back", "--jwt-key", KEY) as url:
        words = ("cli", "check", url, "--jwt-key", KEY, "--journal", str(path))
        running = Fork(words, env=clean_environment())
        # The lie withholds what acts wait for: once the first transcript is written, others are still waiting.
        while running.poll() is None and b'"kind":"transcript"' not in (path.read_bytes() if path.exists() else b""):
            with contextlib.suppress(subprocess.TimeoutExpired):
                running.wait(timeout=0.02)
        running.send_signal(sent)
        out, err = running.communicate(timeout=20)
    assert running.returncode == 130, out + err
    assert "Traceback" not in out + err
    assert ended(path, 130).transcripts
    again = roomcheck("judge", str(path))
    assert again.returncode in (1, 4), "half a run is not green"


def test_whoever_reads_only_the_beginning_still_gets_the_verdicts_code() -> None:
    words = f"{sys.executable} -m cli check --select order-is-kept"
    run = subprocess.run(
        ["bash", "-c", f"{words} | head -n 1; exit ${{PIPESTATUS[0]}}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        env=clean_environment(),
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout.startswith("Roomcheck ")
    assert run.stderr == ""


def test_output_that_cannot_be_written_is_said() -> None:
    with Path("/dev/full").open("w") as full:
        words = [sys.executable, "-m", "cli", "check", "--select", "order-is-kept"]
        run = subprocess.run(
            words, cwd=ROOT, stdout=full, stderr=subprocess.PIPE, text=True, env=clean_environment(), check=False
        )
    assert run.stderr.strip() == "roomcheck: the output cannot be written: No space left on device"
    assert run.returncode == 0


def test_a_terminal_of_few_letters_gets_what_it_can_show() -> None:
    run = roomcheck("check", "--select", "order-is-kept", env={"PYTHONIOENCODING": "ascii"})
    assert "HOLDS" in run.stdout
    assert run.returncode == 0


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("check", "127.0.0.1:4001"), "URL: expected an address such as http://127.0.0.1:4001"),
        (("check", "http://user:pw@127.0.0.1:1"), "credentials are not allowed in an address"),
        (("check", "--api-url", "http://127.0.0.1:1"), "--api-url: not used with the embedded service"),
        (("check", "--transport", "carrier-pigeon"), "--transport: expected websocket, polling, upgrade or all"),
        (("check", "--fail-on", "nothing"), "--fail-on: expected fail or warning"),
        (("check", "--report", "json"), "--report: expected FORMAT=PATH"),
        (("check", "--report", "jsn=x"), "did you mean 'json'?"),
        (("check", "--report", "json=-"), "a report goes into a file"),
        (("check", "--report", "json=x", "--report", "junit=docs/../x"), "two outputs go to"),
        (("check", "--report", "json=x", "--journal", "x"), "two outputs go to 'x'"),
        (("check", "http://127.0.0.1:1/\x1b[31m"), "URL: expected an address"),
        (("check", "http://.invalid"), "URL: expected an address"),
        (("doctor", "http://a..b"), "URL: expected an address"),
        (("load", f"http://{'a' * 64}.invalid", "-t", "1s"), "URL: expected an address"),
        (("check", "http://127.0.0.1:1/path?x=1#f"), "URL: expected an address"),
        (("check", "--token", "t"), "--token: not used with the embedded service"),
        (("check", "--report", "json=/no/such/folder/x"), "--report: there is no folder '/no/such/folder'"),
        (("check", "--journal", "/no/such/folder/x"), "--journal: /no/such/folder/x cannot be written"),
        (("check", "--select", "mesage:broadcast"), "did you mean 'message:broadcast'?"),
        (("check", "--contracts", "/no/such/bundle"), "no contracts here"),
        (("check", "http://127.0.0.1:1", "--token", "t", "--jwt-key", "k"), "--token and --jwt-key: give one"),
        (("serve", "--lie", "time-in-second"), "did you mean 'time-in-seconds'?"),
        (("serve", "--host", "192.0.2.1", "--port", "1"), "cannot be listened on"),
        (("serve", "--database", "/no/such/folder/db"), "--database: '/no/such/folder/db' cannot be used"),
        (("rules", "explain", "order-is-keptt"), "did you mean 'order-is-kept'?"),
        (("contracts", "show", "no:such"), "no event or call is called 'no:such'"),
        (("contracts", "validate", "/no/such"), "no contracts here"),
        (("judge", "/no/such/journal"), "/no/such/journal: cannot be read"),
        (("selftest", "--lie", "nonsense"), "there is no lie 'nonsense'; `roomcheck serve --lie list` names them all"),
    ],
)
def test_what_a_person_gets_wrong(words: tuple[str, ...], message: str) -> None:
    told(roomcheck(*words), 2, message)


def test_secrets_appear_nowhere(tmp_path: Path) -> None:
    path, report = tmp_path / "run.ndjson", tmp_path / "report.json"
    with served("--jwt-key", KEY) as url:
        run = roomcheck(
            "check", url, "--journal", str(path), "--report", f"json={report}", "-v", env={"ROOMCHECK_JWT_KEY": KEY}
        )
        help_text = roomcheck("check", "--help", env={"ROOMCHECK_JWT_KEY": KEY}).stdout
    assert run.returncode == 0
    for text in (run.stdout, run.stderr, path.read_text(), report.read_text(), help_text):
        assert KEY not in text
        assert "eyJ" not in text, "a JSON web token begins like this"


def test_a_disk_that_fills_up_ends_a_check_and_what_it_saw_is_judged(tmp_path: Path) -> None:
    journal = tmp_path / "run.ndjson"
    line = f"ulimit -f 100; exec {sys.executable} -m cli check --journal {journal}"  # In blocks of 1,024 bytes.
    run = subprocess.run(
        ["bash", "-c", line], cwd=ROOT, capture_output=True, text=True, env=clean_environment(), check=False
    )
    assert run.returncode == 2
    assert run.stderr == ""
    said = " ".join(run.stdout.split())
    assert re.search(r"--journal: it cannot be written any more: File too large; [1-9]\d* of \d+ acts had been", said)
    assert re.search(r"COULD NOT BE RUN [1-9]\d* pass, 0 fail(, \d+ inconclusive)?; ", said)
    assert records.read(journal).transcripts


def test_a_working_directory_that_was_deleted_is_said(tmp_path: Path) -> None:
    line = f"cd {tmp_path} && rmdir {tmp_path} && PYTHONPATH={ROOT} exec {sys.executable} -m cli check"
    run = subprocess.run(["bash", "-c", line], capture_output=True, text=True, env=clean_environment(), check=False)
    said = "roomcheck: the working directory has been deleted; change to another one\n"
    assert (run.returncode, run.stdout, run.stderr) == (2, "", said)
