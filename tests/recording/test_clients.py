"""Real clients through `roomcheck record`: they see what they see without it, and the journal has it."""

import asyncio
import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import socketio

from conformance.model.transcript import Acked, Answered, Called, Closed, Got, Opened, Refused, Sent
from tests.browser import browser
from tests.recording.recording import Recording, everything, recorded

MODES = ("websocket", "polling", "upgrade")


@pytest.fixture(scope="module")
def service() -> Iterator[str]:
    with everything() as url:
        yield url


def official(url: str, mode: str) -> dict[str, Any]:
    """What the official client saw."""
    run = subprocess.run(
        ["node", str(Path(__file__).parent / "client.mjs"), url, mode],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    found: dict[str, Any] = json.loads(run.stdout)
    return found


@pytest.fixture(scope="module")
def runs(service: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[dict[str, Any], Recording]]:
    """For each transport what the official client saw, and the recording of it."""
    made = {}
    for mode in MODES:
        with recorded(service, tmp_path_factory.mktemp(mode)) as recording:
            seen = official(recording.url, mode)
        made[mode] = (seen, recording)
    return made


@pytest.mark.parametrize("mode", MODES)
def test_the_official_client_sees_what_it_sees_without_the_proxy(
    mode: str, service: str, runs: dict[str, tuple[dict[str, Any], Recording]]
) -> None:
    seen, recording = runs[mode]
    assert seen == official(service, mode)
    assert recording.code == 0
    assert recording.journal.remarks == ()


@pytest.mark.parametrize("mode", MODES)
def test_the_journal_has_what_the_official_client_did(
    mode: str, runs: dict[str, tuple[dict[str, Any], Recording]]
) -> None:
    _, recording = runs[mode]
    first, again = recording.of(Opened)
    assert (first.actor, first.transport, first.token) == ("c1", "polling" if mode == "upgrade" else mode, "shown")
    assert (again.resumes, again.socket) == ("c1", first.socket)
    assert again.offset
    echo = next(sent for sent in recording.of(Sent) if sent.event == "echo")
    bytes_ = {"$binary": "AAH+/w=="}
    assert echo.args == ("ünïcode \U0001f600", bytes_)
    acked = next(one for one in recording.of(Acked) if one.ack == echo.ack)
    assert (acked.event, acked.args) == ("echo", (["ünïcode \U0001f600", bytes_],))
    question = next(got for got in recording.of(Got) if got.event == "question")
    (answered,) = recording.of(Answered)
    assert (question.args, question.ack) == (("how?",), answered.ack)
    assert (answered.event, answered.args) == ("question", ({"well": True},))
    said = next(got for got in recording.of(Got) if got.event == "said")
    assert said.args == ({"picture": {"$binary": "UE5H"}, "name": "x" * 2000},)
    dropped, left = recording.of(Closed)
    assert (dropped.by, left.by, left.reason) == ("service", "service", "disconnect packet")
    (call,) = recording.of(Called)
    assert (call.call, call.status, call.answer["text"]) == ("POST /api/notes", 201, "hello")
    assert [one.args for one in recording.of(Sent, "/chat")] == [(1.5,)]
    (refused,) = recording.of(Refused, "/closed")
    assert (refused.message, refused.data) == ("CLOSED", {"code": 7})


@pytest.mark.parametrize("mode", MODES)
def test_secrets_are_covered_in_the_journal(mode: str, runs: dict[str, tuple[dict[str, Any], Recording]]) -> None:
    text = runs[mode][1].path.read_text()
    for secret in ("secret-token-of-ann", "secret-of-the-caller", "hunter2-is-secret", "a-very-secret-session"):
        assert secret not in text
    assert '"password":"(secret)"' in text


def test_the_service_is_addressed_as_itself_and_origins_of_others_stay(
    service: str, runs: dict[str, tuple[dict[str, Any], Recording]]
) -> None:
    (call,) = runs["websocket"][1].of(Called)
    assert call.answer["host"] == service.removeprefix("http://")
    assert call.answer["origin"] == "http://a.example"


@pytest.mark.parametrize(
    "transports",
    [
        pytest.param(["websocket"], id="websocket", marks=pytest.mark.long),
        pytest.param(["polling"], id="polling", marks=pytest.mark.long),
        pytest.param(["polling", "websocket"], id="upgrade"),
    ],
)
def test_the_client_of_python_goes_through(transports: list[str], service: str, tmp_path: Path) -> None:
    async def play(url: str) -> list[Any]:
        client = socketio.AsyncClient()
        said: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        client.on("said", lambda *args: said.set_result(args[0]))  # Recovery puts an offset behind it.
        await client.connect(url, transports=transports)
        echo = await client.call("echo", ("a", b"\x00\xff"), timeout=30)
        await client.emit("say", {"picture": b"PNG"})
        found = [echo, await asyncio.wait_for(said, 30)]
        await client.disconnect()
        return found

    with recorded(service, tmp_path) as recording:
        seen = asyncio.run(play(recording.url))
    assert seen == [["a", b"\x00\xff"], {"picture": b"PNG"}]
    assert [one.event for one in recording.of(Sent)] == ["echo", "say"]
    (closed,) = recording.of(Closed)
    assert closed.by == "us"


@pytest.mark.parametrize("transport", ["websocket", pytest.param("polling", marks=pytest.mark.long)])
def test_a_page_in_a_browser_goes_through(transport: str, service: str, tmp_path: Path) -> None:
    with recorded(service, tmp_path) as recording, browser() as chrome:
        chrome.get(f"{recording.url}/?transport={transport}")
        wait_for(chrome, lambda: chrome.title != "waiting")
        assert json.loads(chrome.title) == ["from the page", [1, 2, 255], "of the page"]
    (call,) = recording.of(Called)
    assert call.answer["origin"] == service, "a page of the service itself is of its origin"
    (sent,) = recording.of(Sent)
    assert sent.args == ("from the page", {"$binary": "AQL/"})


def wait_for(chrome: Any, fact: Any) -> None:
    """Wait until a fact of the page holds."""
    from selenium.webdriver.support.wait import WebDriverWait

    WebDriverWait(chrome, 60, poll_frequency=0.05).until(lambda _: fact())
