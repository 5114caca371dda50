"""Two nodes behind a gateway: paths with a prefix, a key in a header, sticky cookies, buffers, and a short patience."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.deploying import gateway, nodes, redis
from tests.running import load_held, roomcheck, settings

pytestmark = pytest.mark.peer
KEY = "the key of the gateway"
SOME = ("--select", "broadcast-arrives", "--select", "created-is-stored-and-read-back", "--select", "socket-connects")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Path]]:
    """The settings of a target behind the gateway, and the gateway's log."""
    folder = tmp_path_factory.mktemp("gateway")
    with redis(folder) as (redis_url, _), nodes(redis_url) as urls, gateway(folder, urls, KEY) as front:
        target = {"path": "/realtime/v1/socket.io", "api_url": f"{front}/backend/v2"}
        yield (
            settings(folder, realtime_urls=[front], headers={"X-Gateway-Key": "${GATEWAY_KEY}"}, **target),
            folder / "access.log",
        )


def run(command: str, place: tuple[Path, Path], *words: str, key: str = KEY):
    return roomcheck(command, "--target", "it", "--settings", str(place[0]), *words, env={"GATEWAY_KEY": key})


def test_a_check_holds_over_each_transport(place: tuple[Path, Path]) -> None:
    report = place[0].parent / "report.json"
    checked = run("check", place, "--transport", "all", *SOME, "--report", f"json={report}")
    assert checked.returncode == 0, checked.stdout + checked.stderr
    made = json.loads(report.read_text())
    assert {v["outcome"] for v in made["verdicts"]} == {"pass"}
    assert {v["transport"] for v in made["verdicts"]} == {"websocket", "polling", "upgrade"}
    assert KEY not in checked.stdout + checked.stderr + report.read_text()
    assert '" 400 ' not in place[1].read_text(), "a poll came to a node that does not know its session"


def test_a_load_holds(place: tuple[Path, Path]) -> None:
    words = ("-u", "2", "-r", "2", "-t", "3s", "--sockets-per-user", "6", "--transport", "upgrade", "Chat")
    loaded = run("load", place, *words)
    assert load_held(loaded), loaded.stdout + loaded.stderr


def test_doctor_reaches_sockets_and_calls(place: tuple[Path, Path]) -> None:
    told = run("doctor", place, "--transport", "all")
    assert [line for line in told.stdout.splitlines() if line.startswith("broken")] == []


@pytest.mark.parametrize("command", ["check", "doctor"])
def test_a_wrong_key_is_told_by_the_status_of_the_gateway(command: str, place: tuple[Path, Path]) -> None:
    found = run(command, place, key="wrong")
    assert found.returncode == 3
    told = " ".join((found.stdout + found.stderr).split())
    assert "gave no Engine.IO 4 handshake over websocket: got 403 403 Forbidden" in told
    assert "the service or a proxy forbids the handshake: check the token, and the headers and origins" in told
