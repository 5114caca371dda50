"""`roomcheck record` as people use it: what it prints, how it ends, and what it says of bad input."""

import json
import signal
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from conformance.commands.recording import exposed
from conformance.journal.records import read
from conformance.judge.rule import record_rules
from reports import renderer
from tests.recording.recording import recorded
from tests.running import roomcheck, settings, started
from tests.validators import validators


@pytest.fixture(scope="module")
def service() -> Iterator[str]:
    words = (sys.executable, "-m", "cli", "serve", "--port", "0", "--contracts", "example")
    with started(*words, said="serving on") as (_, line):
        yield line.split()[2].rstrip(",")


CALLER = httpx.Client(timeout=60)


def post(url: str, body: object) -> int:
    """The status of a call."""
    return CALLER.post(url, json=body).status_code


def test_a_recording_with_contracts_ends_with_verdicts_and_their_exit_code(service: str, tmp_path: Path) -> None:
    with recorded(service, tmp_path, "--contracts", "example", "--report", f"json={tmp_path}/r.json") as recording:
        assert post(f"{recording.url}/notes/r1", {"text": "hello"}) == 201
    assert recording.code == 0
    lines = recording.printed.splitlines()
    assert lines[0] == "POST /notes/:room (HTTP)"
    assert any(line.startswith("HOLDS  3 pass, 0 fail") for line in lines), recording.printed
    report = json.loads((tmp_path / "r.json").read_text())
    passed = {one["rule"] for one in report["verdicts"] if one["outcome"] == "pass"}
    assert passed == {
        "calls-answer-as-documented",
        "client-emits-no-retired-name",
        "client-payload-keeps-its-schema",
    }
    known = {
        one["id"] for one in json.loads(renderer("sarif")([recording.journal]))["runs"][0]["tool"]["driver"]["rules"]
    }
    assert {rule.id for rule in record_rules()} <= known
    for name in ("html", "markdown", "csv", "prometheus", "badge", "terminal", "json"):
        validators()[name](renderer(name)([recording.journal]))
    again = roomcheck("judge", str(recording.path), "--contracts", "example")
    assert again.returncode == 0, again.stdout + again.stderr


def test_a_recording_in_which_nothing_was_verified_cannot_tell(service: str, tmp_path: Path) -> None:
    with recorded(service, tmp_path, "--contracts", "example") as recording:
        pass
    assert recording.code == 4
    assert "nothing was verified: no event and no call passed" in recording.printed


def test_a_recording_without_contracts_is_judged_later_by_some(service: str, tmp_path: Path) -> None:
    with recorded(service, tmp_path) as recording:
        assert post(f"{recording.url}/notes/r1", {"text": "hello"}) == 201
    assert recording.code == 0
    assert "recorded 0 connections, 1 call, 1 entry in all" in recording.printed
    without = roomcheck("judge", str(recording.path))
    assert without.returncode == 2
    assert "it was recorded without contracts; name some with --contracts" in without.stderr
    assert roomcheck("judge", str(recording.path), "--contracts", "example").returncode == 0


def test_a_recording_that_reaches_its_largest_size_says_so_and_goes_on_passing(service: str, tmp_path: Path) -> None:
    with recorded(service, tmp_path, "--contracts", "example", "--max-size", "0.01") as recording:
        for number in range(60):
            assert post(f"{recording.url}/notes/r1", {"text": f"hello {number} " + "x" * 80}) == 201
    assert recording.code == 4
    (note,) = recording.journal.notes
    assert "before what passed did: the largest size was reached (--max-size)" in note
    assert recording.path.stat().st_size < 40_000, "the header and verdicts are not counted"


def test_sigterm_ends_a_recording_as_ctrl_c_does(service: str, tmp_path: Path) -> None:
    path = tmp_path / "it.ndjson"
    words = (sys.executable, "-m", "cli", "record", service, "--port", "0", "--journal", str(path))
    with started(*words, said="recording ") as (program, _):
        program.send_signal(signal.SIGTERM)
        assert program.wait(60) == 0
    assert read(path).footer is not None


@pytest.mark.parametrize(
    ("host", "warned"),
    [
        ("127.0.0.1", 0),
        ("127.9.9.9", 0),
        ("::1", 0),
        ("localhost", 0),
        ("10.0.0.7", 1),
        ("::", 1),
        ("front.example", 1),
    ],
)
def test_an_address_that_others_reach_is_warned_of(host: str, warned: int) -> None:
    assert len(exposed(host)) == warned


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "give the URL of the service, or --target"),
        (("ftp://127.0.0.1:1",), "URL: expected an address such as"),
        (("http://127.0.0.1:1/base",), "without '/base'"),
        (("http://user:word@127.0.0.1:1",), "credentials are not allowed in an address"),
        (("http://127.0.0.1:1", "--contracts", "nowhere"), "nowhere"),
        (("http://127.0.0.1:1", "--journal", "/nowhere/it"), "/nowhere"),
        (("http://127.0.0.1:1", "--journal", "/"), "/"),
        (("http://127.0.0.1:1", "--host", "no such host"), "--host/--port"),
        (("http://127.0.0.1:1", "--fail-on", "never"), "--fail-on"),
        (("http://127.0.0.1:1", "--max-size", "0"), "--max-size"),
        (("https://127.0.0.1:1", "--ca", "/nowhere.pem"), "ca_file"),
        (("http://127.0.0.1:1", "--report", "odd=x"), "--report"),
    ],
)
def test_bad_input_has_one_message(words: tuple[str, ...], said: str) -> None:
    run = roomcheck("record", *words, "--port", "0")
    assert run.returncode == 2, run.stdout + run.stderr
    assert said in run.stderr
    assert "Traceback" not in run.stderr


def test_a_port_that_is_taken_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        run = roomcheck("record", "http://127.0.0.1:1", "--port", str(port))
    assert run.returncode == 2
    assert f"127.0.0.1:{port} cannot be listened on" in run.stderr


def test_a_target_of_the_settings_is_recorded_with_its_contracts(service: str, tmp_path: Path) -> None:
    path = settings(tmp_path, realtime_urls=[service], contracts="example")
    journal = tmp_path / "it.ndjson"
    words = (sys.executable, "-m", "cli", "record", "--target", "it", "--settings", str(path), "--port", "0")
    with started(*words, "--journal", str(journal), said="recording ") as (program, line):
        assert service in line
        program.send_signal(signal.SIGINT)
        assert program.wait(60) == 4
    assert read(journal).header.bundle_name == "example"
