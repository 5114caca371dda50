"""`roomcheck serve --contracts DIR`: what it says, whom it lets in, and that bad input ends nothing."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.running import KEY, ROOT, roomcheck, settings, started

EXAMPLE = str(ROOT / "contracts" / "example")


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """The service of the bundle `example`, in a process of its own."""
    words = ("serve", "--contracts", EXAMPLE, "--port", "0")
    with started(sys.executable, "-m", "cli", *words, said="serving on") as (_, line):
        yield line.split()[2].rstrip(",")


def called(url: str, path: str, content: bytes | None = None) -> tuple[int, dict[str, Any]]:
    """(status, body) of a call."""
    answer = httpx.request("GET" if content is None else "POST", url + path, content=content)
    return answer.status_code, answer.json()


def test_what_is_created_is_listed_by_pages_and_read(url: str) -> None:
    for text in ("one", "two", "three", "four"):
        status, made = called(url, "/notes/r1", json.dumps({"text": text}).encode())
        assert (status, made["text"], made["room"]) == (201, text, "r1")
    assert called(url, f"/notes/note/{made['id']}")[1] == made
    status, page = called(url, "/notes/r1?skip=1&limit=2")
    assert (status, page["total"], [one["text"] for one in page["notes"]]) == (200, 4, ["two", "three"])
    assert len(called(url, "/notes/r1?limit=50")[1]["notes"]) == 3
    assert called(url, "/notes/r2")[1] == {"notes": [], "total": 0}


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/notes/r3", b"{}", 400),
        ("/notes/r3", b"not json", 400),
        ("/notes/r3", b'{"text": 7}', 400),
        ("/notes/r3", b"[" * 100_000, 400),
        ("/notes/r3?skip=-1", None, 400),
        ("/notes/r3?limit=none", None, 400),
        ("/notes/note/nothing", None, 404),
        ("/nothing", None, 404),
    ],
)
def test_a_bad_call_is_answered_as_documented_and_stores_nothing(
    url: str, path: str, body: bytes | None, status: int
) -> None:
    found, answer = called(url, path, body)
    assert (found, list(answer), type(answer["error"])) == (status, ["error"], str)
    assert called(url, "/notes/r3")[1]["total"] == 0


def test_front_ends_of_other_origins_are_served(url: str) -> None:
    origin = {"Origin": "https://app.example"}
    for path in ("/notes/r1", "/socket.io/?EIO=4&transport=polling"):
        assert httpx.get(url + path, headers=origin).headers["Access-Control-Allow-Origin"] in ("*", origin["Origin"])


JUNK = (
    "42[]",
    "42{}",
    '42["room:enter"]',
    '42["room:enter",{"room":[]}]',
    "42[1]",
    '42["__proto__",{}]',
    '42["who",1,2]',
)


def test_events_that_are_none_end_nothing(url: str) -> None:
    polling = f"{url}/socket.io/?EIO=4&transport=polling"
    own = f"{polling}&sid={json.loads(httpx.get(polling).text[1:])['sid']}"
    for packet in ("40", *JUNK, '421["room:enter",{"room":"alive"}]'):
        assert httpx.post(own, content=packet).status_code == 200
    assert '431[{"room":"alive","entered":true}]' in httpx.get(own).text


def test_it_says_what_it_serves_and_what_it_cannot(tmp_path: Path) -> None:
    words = (sys.executable, "-m", "cli", "serve", "--contracts", "example-more", "--port", "0")
    with started(*words, said="namespaces") as (program, line):
        assert line == "namespaces: /\n"
        assert program.stdout is not None
        said = [program.stdout.readline() for _ in range(4)]
    assert said[0].startswith("events of clients: board:leave, board:wipe, cursor:move, ")
    assert "board:tick" in said[1]
    assert said[2].startswith("HTTP calls: POST /notes/:room, ")
    assert "keeping the example-more contracts" in said[3]


def test_tokens_are_those_of_the_settings(tmp_path: Path) -> None:
    auth = {"kind": "jwt", "key": KEY, "claims": {"sub": "{user_id}"}}
    file = settings(tmp_path, realtime_urls=["http://127.0.0.1:1"], contracts=EXAMPLE, auth=auth)
    words = (sys.executable, "-m", "cli", "serve", "--port", "0", "--target", "it", "--settings", str(file))
    with started(*words, said="serving on") as (_, line):
        assert called(line.split()[2].rstrip(","), "/notes/r1")[0] == 401


def test_what_it_cannot_do_is_said(tmp_path: Path) -> None:
    (tmp_path / "bundle.json").write_text("{}")
    run = roomcheck("serve", "--contracts", str(tmp_path))
    assert run.returncode == 2
    assert run.stderr == roomcheck("contracts", "validate", str(tmp_path)).stderr
    for option, value in (("--lie", "ghosts-stay"), ("--database", "x.db")):
        run = roomcheck("serve", "--contracts", EXAMPLE, option, value)
        assert (run.returncode, run.stderr.split(":")[1].strip()) == (2, option)
    run = roomcheck("serve", "--verbose")
    assert run.returncode == 2
    assert "--verbose: the reference service has none" in run.stderr


def test_a_body_without_end_is_refused(url: str) -> None:
    assert called(url, "/notes/r3", b" " * 10_000_001)[0] == 413
