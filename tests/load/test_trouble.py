"""Services, people and machines that make trouble under load: none is believed, accused or let go without a word."""

import asyncio
import os
import re
import resource
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest
from websockets.asyncio.server import ServerConnection, serve

from loadtests.ledger.counts import DEFECTS, FAILURES
from tests.load.test_plane import Ours
from tests.load.test_scenarios import ledger, load
from tests.load.test_truth import crooked
from tests.load.test_ui import DEADLINE_S, locust, post, rooms
from tests.running import HANG_S, ROOT, clean_environment, free_port, is_limited, roomcheck, served

SMALL = ("--sockets-per-user", "10")

LIES = {
    "leave-is-ignored": ("unleft", ("Churn", "--churn-by", "leave", "--churn-stay", "0.5"), 8),
    "typing-comes-back": ("leaked", ("Incident", "--incident-length", "6"), 8),
    "status-is-kept-back": ("lost", ("Incident", "--incident-length", "12"), 14),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_that_only_one_scenario_shows_is_counted_there(lie: str) -> None:
    defect, words, seconds = LIES[lie]
    with served("--lie", lie) as url:
        code, _, said = load(url, 2, seconds, *words, *SMALL)
    assert code == 1 or is_limited(code, said), said
    assert ledger(said)[defect] > 0


@pytest.mark.parametrize("scenario", ["Churn", "Incident"])
def test_what_such_a_lie_is_counted_as_is_never_said_of_an_honest_service(scenario: str) -> None:
    with served() as url:
        code, _, said = load(url, 2, 8, scenario, *SMALL, "--churn-stay", "0.5", "--incident-length", "3")
    assert code == 0 or is_limited(code, said), said


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("Reconnect",), "cannot tell: the run ended before any socket was dropped; --drop-after says when"),
        (("Slow", "--slow-percent", "100"), "cannot tell: no delivery was seen in rooms with slow sockets"),
    ],
)
def test_a_scenario_that_did_not_come_to_its_point_says_so(words: tuple[str, ...], says: str) -> None:
    with served() as url:
        code, _, said = load(url, 4, 4, *words, *SMALL)
    assert code == 4, said
    assert says in said or is_limited(code, said), said


async def told(frames: list[Any]) -> list[str]:
    """What a socket of the load makes of these frames."""

    async def speak(socket: ServerConnection) -> None:
        await socket.send('0{"sid":"x","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}')
        await socket.recv()
        await socket.send('40{"sid":"y"}')
        for frame in frames:
            await socket.send(frame)
        await socket.wait_closed()

    class Hears(Ours):
        def first(self, frame: bytes, packet: Any, why: str) -> None:
            self.saw(why or frame.decode())

    async with serve(speak, "127.0.0.1", 0) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        ours = Hears(f"http://127.0.0.1:{port}", "websocket", None)
        await ours.connect()
        async with asyncio.timeout(10):
            while not any("end" in one for one in ours.frames):
                ours.come.clear()
                await ours.come.wait()
        await ours.close()
        return [one for one in dict.fromkeys(ours.frames) if not one.startswith(("2", "0", "4/"))]


END = '42["end"]'


def parts() -> Iterator[str]:
    yield from ('42["a', '",{"b"', ":1}]")


def test_a_message_in_parts_is_one_message() -> None:
    assert asyncio.run(told([parts(), END])) == ['42["a",{"b":1}]', END]


def test_what_is_no_packet_of_ours_is_told_apart() -> None:
    deep = "42" + "[" * 5000
    found = asyncio.run(told(['42/other,["a"]', "40/other,{}", b"binary", deep, "44/other,{}", END]))
    assert found[0] == "of another namespace"
    assert found[1] == "a binary frame came that no packet announced"
    assert found[2].startswith("expected JSON: ")
    assert found[3:] == [END]


def test_a_call_that_is_slow_to_answer_is_no_latency_of_what_came_at_once() -> None:
    words = ("--room-size", "2", "--chat-rate", "14", "--gate", "delivery: p(95)<500", "--gate", "post: min>=1000")
    with crooked("--answer-ms", "1000") as url:
        code, _, said = load(url, 3, 6, "Chat", *SMALL, *words)
    assert code == 0 or is_limited(code, said), said
    # Some two hundred calls are under way at any time, and none waits for another.
    assert "unsent" not in ledger(said)


def few_files() -> None:
    resource.setrlimit(resource.RLIMIT_NOFILE, (200, 200))


def test_too_few_descriptors_limit_the_generator_and_say_what_to_raise() -> None:
    # Long enough for the screen to tell of it while no descriptor is left.
    words = [
        sys.executable,
        "-m",
        "cli",
        "load",
        "-u",
        "25",
        "-t",
        "7s",
        "--sockets-per-user",
        "20",
        "--scenario",
        "Chat",
    ]
    with served() as url:
        run = subprocess.run(
            [*words, url], cwd=ROOT, env=clean_environment(), capture_output=True, text=True,
            timeout=HANG_S, check=False, preexec_fn=few_files,
        )  # fmt: skip
    assert run.returncode == 4, run.stdout + run.stderr
    assert "raise `ulimit -n`" in run.stdout
    assert "Traceback" not in run.stderr


@pytest.mark.parametrize("processes", [pytest.param("0", marks=pytest.mark.long), "2"])
def test_an_interrupt_tells_the_ledger_and_without_a_traceback(processes: str) -> None:
    words = [sys.executable, "-m", "cli", "load", "-t", "60s", "--scenario", "Chat", "--chat-rate", "10"]
    words += ["--processes", processes] if processes != "0" else []
    with subprocess.Popen(
        words, cwd=ROOT, env=clean_environment(), text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        start_new_session=True,
    ) as run:  # fmt: skip
        assert run.stderr is not None
        next(line for line in run.stderr if " ok, " in line and " 0 ok" not in line)
        os.killpg(run.pid, signal.SIGINT)
        out, said = run.communicate(timeout=HANG_S)
    assert run.returncode == 130
    # What this machine could not send in time it says of itself, and it is told all the same.
    assert re.search("^(holds: every one of |interrupted: of |generator-limited: )", out, re.MULTILINE), out
    assert not set(re.findall(r"^ (\w+) +\d", out, re.MULTILINE)) & {*DEFECTS, *FAILURES}, out
    assert re.search(r"published +\d", out)
    assert "Traceback" not in said
    assert "KeyboardInterrupt" not in said


def test_a_terminal_that_is_closed_ends_the_command_and_all_that_it_has_started() -> None:
    words = [sys.executable, "-m", "cli", "load", "-t", "60s", "--scenario", "Chat"]
    with subprocess.Popen(
        words, cwd=ROOT, env=clean_environment(), text=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    ) as run:
        assert run.stderr is not None
        next(line for line in run.stderr if " ok, " in line)
        host = subprocess.run(
            ["pgrep", "-P", str(run.pid), "-f", "serve --port"], capture_output=True, text=True, check=True
        ).stdout.strip()
        run.send_signal(signal.SIGHUP)
        run.communicate(timeout=HANG_S)
    assert run.returncode == 130
    assert not os.path.exists(f"/proc/{host}"), "the embedded service has gone, too"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("Nonesuch",), "Unknown User(s): Nonesuch"),
        (("127.0.0.1:4001",), "URL: expected an address such as http://127.0.0.1:4001, got '127.0.0.1:4001'"),
        (("--run-id", "a b/../x"), "expected up to 64 letters, digits and ._~-"),
        (("--sockets-per-user", "0"), "argument --sockets-per-user: expected a whole number above 0, got '0'"),
        (("--drop-percent", "150"), "expected a number above 0 and up to 100, got '150'"),
        (("--knee-factor", "1"), "argument --knee-factor: expected a number above 1, got '1'"),
        (("--tags", "chat", "-t", "3s"), "--tags: scenarios have no tags"),
        (("--journal", "docs", "-t", "3s"), "--journal: docs cannot be written: it is a folder"),
        (("--journal", "/dev/full", "-t", "3s"), "--journal: it cannot be written any more: No space left on device"),
        (
            ("Chat", "--scenario", "Storm", "-t", "3s"),
            "--scenario: name a scenario by its class or by this, not by both",
        ),
        (("--ramp", "10", "-t", "3s"), "argument --ramp: expected users and times such as 10:30s,100:1m,0:30s"),
    ],
)
def test_a_slip_of_whoever_calls_it_is_one_message_and_2(words: tuple[str, ...], says: str) -> None:
    run = roomcheck("load", *words)
    assert run.returncode == 2, run.stdout + run.stderr
    assert says in run.stdout + run.stderr
    assert "Traceback" not in run.stderr


def test_what_cannot_be_loaded_is_refused_in_the_web_ui_and_nobody_else_is_loaded_instead() -> None:
    port = free_port()
    with served() as url, locust("--host", url, "Chat", *SMALL, port=port):
        for host in (url, "nonsense"):
            post(port, "swarm", f"user_count=2&spawn_rate=2&host={host}".encode())
            for _ in range(DEADLINE_S * 10):
                state = rooms(port)
                if state["verdict"] or state["ledger"][0]["ok"]:
                    break
                urllib.request.urlopen(f"http://127.0.0.1:{port}/stats/requests", timeout=10).close()
            if host == url:
                post(port, "stop")
        assert state["verdict"] is not None
        assert state["verdict"]["code"] == 2
        assert "expected an address such as http://" in state["verdict"]["summary"]
        assert state["sockets"] == 0
        assert state["ledger"][0]["published"] == 0
