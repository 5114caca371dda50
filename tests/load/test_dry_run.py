"""`roomcheck load --dry-run`: what would be played is printed, nothing is connected, and a slip ends it with 2."""

import contextlib
import re
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.forks import LOCUST, Fork
from tests.running import ROOT, clean_environment, roomcheck, settings


@contextlib.contextmanager
def listening() -> Iterator[tuple[socket.socket, str]]:
    """A port that notes who comes."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        yield server, f"http://127.0.0.1:{server.getsockname()[1]}"


def nobody_came(server: socket.socket) -> bool:
    try:
        server.accept()
    except BlockingIOError:
        return True
    return False


def test_a_plan_is_printed_and_nothing_is_connected(tmp_path: Path) -> None:
    journal = tmp_path / "load.ndjson"
    with listening() as (server, url):
        run = roomcheck(
            "load", "--dry-run", url, "Chat", "--processes", "2", "-u", "4", "--sockets-per-user", "15",
            "--chat-rate", "2", "--gate", "lost==0", "--journal", str(journal), "-t", "7s", env={"COLUMNS": "80"},
        )  # fmt: skip
        assert nobody_came(server)
    assert run.returncode == 0, run.stderr
    assert not run.stderr
    assert not journal.exists()
    said = " ".join(run.stdout.split())
    assert max(map(len, run.stdout.splitlines())) <= 80
    assert f"Target {url}" in said
    assert "60 (4 users of 15 sockets, 4 users a second; for 7 s)" in said
    assert "2, with 30 sockets each" in said
    # Three rooms of ten in each worker, each with two messages a second.
    assert "Chat 60 6 10 12 120" in said
    assert "POST /api/messages/:sosId -> message:broadcast to every member, marked in `content`: 12/s, 120" in said
    assert "Gates lost==0" in said
    assert re.search(r"file descriptors of a worker 1\d\d ", said)


def test_without_a_target_the_embedded_service_is_not_even_started() -> None:
    run = roomcheck("load", "--dry-run")
    assert run.returncode == 0, run.stderr
    assert "the embedded service, which the run starts" in run.stdout
    assert "embedded.invalid" not in run.stdout + run.stderr
    assert "100 (10 users of 10 sockets, 10 users a second; for 20 s)" in " ".join(run.stdout.split())


def test_a_command_that_prints_tokens_is_not_run(tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    path = settings(
        tmp_path, realtime_urls=["http://127.0.0.1:1"], gates=["delivery: p(99)<500"],
        auth={"kind": "command", "command": ["touch", str(ran)]},
    )  # fmt: skip
    run = roomcheck("load", "--dry-run", "--target", "it", "--settings", str(path))
    assert run.returncode == 0, run.stderr
    assert not ran.exists()
    said = " ".join(run.stdout.split())
    assert "http://127.0.0.1:1 (it of the settings)" in said
    assert "printed by the command of the settings for each user, which a dry run does not run" in said
    assert "Gates delivery: p(99)<500" in said


def test_what_cannot_be_marked_is_said() -> None:
    run = roomcheck("load", "--dry-run", "--contracts", "tests/load/doorbell/contracts")
    assert run.returncode == 0, run.stderr
    said = " ".join(run.stdout.split())
    assert "bell:ring -> bell:rings to every member, marked in no field, so that deliveries are counted" in said


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--room-size", "none"), "expected sizes such as 50, 2-20 or 5:80,50:15,1000:5"),
        (("--contracts", "example", "--scenario", "Incident"), "it plays the life of an SOS, and the contracts have"),
        (("Nobody",), "Unknown User(s): Nobody"),
        (("--journal", "/nowhere/load.ndjson"), "--journal: /nowhere/load.ndjson cannot be written"),
        (("--worker",), "--dry-run: a worker plays what its master says; give the option to the master"),
        (("--master", "--expect-workers", "2000"), "can be loaded by at most"),
    ],
)
def test_a_slip_ends_it_with_2(words: tuple[str, ...], says: str) -> None:
    run = roomcheck("load", "--dry-run", *words)
    assert run.returncode == 2, run.stdout + run.stderr
    assert says in run.stderr
    assert "Traceback" not in run.stderr
    assert not run.stdout


def test_locust_alone_takes_the_option_as_well() -> None:
    command = ("locust", "-f", "loadtests/locustfile.py", "--dry-run", "--host", "http://127.0.0.1:1", "Storm")
    with Fork(command, of=LOCUST, env=clean_environment()) as program:
        out, err = program.communicate(60)
    assert program.returncode == 0, err
    assert "Dry run: nothing was connected" in out
    assert re.search(r"^Storm +1 +1 +1 ", out, re.MULTILINE), out


def test_each_part_of_contracts_has_its_users_and_those_that_are_not_played_their_reason() -> None:
    harbour = str(ROOT / "tests" / "cases" / "harbour_namespaces" / "contracts")
    words = ("load", "--dry-run", "--contracts", harbour, "Chat", "--sockets-per-user", "5", "--room-size", "5")
    run = roomcheck(*words, "-u", "8", "--part", "/crew,/pilots pier=3", env={"COLUMNS": "100"})
    said = " ".join(run.stdout.split())
    assert run.returncode == 0, run.stderr
    assert "Sockets 40 (" in said
    assert "Chat /crew 10 2 5 2 10 Chat /pilots pier 30 6 5 6 30" in said
    assert "Published in /crew crew:tell -> crew:told to every member, marked in `news`: 2/s, 10 deliveries/s" in said
    assert "Published in /pilots pier pier:tell -> pier:told" in said


def test_a_part_that_cannot_be_played_is_told_beside_the_one_that_can() -> None:
    dashboard = str(ROOT / "tests" / "services" / "dashboard" / "contracts")
    run = roomcheck("load", "--dry-run", "--contracts", dashboard, "Chat", env={"COLUMNS": "100"})
    said = " ".join(run.stdout.split())
    assert run.returncode == 0, run.stderr
    assert "Published value:set" in said
    assert "Not played /inbox: the service enters each user's own room, and without tokens of their own" in said
