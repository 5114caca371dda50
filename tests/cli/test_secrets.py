"""No token, key, password or secret header is in any output, whatever a service echoes."""

import asyncio
import json
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest

from conformance.engine.check import CheckRequest, check
from conformance.judge.rule import rules
from conformance.judge.selection import Selection
from conformance.model.transcript import Called, Got, Sent, Transcript
from conformance.target.auth import auth_of
from conformance.target.secrets import COVER, Secrets
from conformance.target.target import target
from contracts.load import load
from reports import formats
from tests.deploying import key_pair
from tests.peers.placed import LogsIn
from tests.peers.whiteboard import whiteboard
from tests.running import HANG_S, ROOT, clean_environment, free_port, roomcheck, settings, started

ECHOING = """
import sys
from conformance.reference.host import make, serve_for_ever
from conformance.reference.service import Service
from conformance.reference import host

class Echo(Service):
    # What a careless service does with its secrets: it tells them in answers, errors, acks and broadcasts.
    def caller(self, request):
        self.last = dict(request.headers)
        return super().caller(request)
    def done(self, data, status=200):
        return super().done({**(data or {}), "debug": getattr(self, "last", None)}, status)
    def person(self, token, otherwise):
        person = super().person(token, otherwise)
        self.shown = token
        return person
    async def answer(self, event, payload, sid):
        return await super().answer(event, {**payload, "token": self.shown}, sid)
    async def send(self, event, payload, room, but=None):
        await super().send(event, {**payload, "debug": [getattr(self, "last", None), self.shown]}, room, but)

host.DIALECTS["sos"] = Echo
service = make(None, open(sys.argv[1]).read())
service.internal = sys.argv[2]
serve_for_ever("127.0.0.1", int(sys.argv[3]), service, "echoing", lambda line: print(line, flush=True))
"""

PASSWORD, INTERNAL, HEADER = "the password of redis", "the internal secret", "the gateway secret"

A_TOKEN = re.compile(r"eyJ[\w-]*\.|eyJ[\w-]{18}")
"""Every JWT begins so; so does, by chance, a part of a session's id, which has 20 characters and no dot."""


@contextmanager
def echoing(folder: Path) -> Iterator[tuple[tuple[str, ...], dict[str, str], list[str]]]:
    """A service that tells its secrets: options that name it as a target, the environment, and the secrets."""
    keys = key_pair(folder, "RS256")
    port = free_port()
    (folder / "echo.py").write_text(ECHOING)
    quoted = PASSWORD.replace(" ", "%20")
    settings(
        folder,
        realtime_urls=[f"http://127.0.0.1:{port}"],
        triggers={"base": "api", "sos:status:broadcast": {
            "method": "POST", "url": "/internal/realtime/sos/{sosId}/status", "needs": ["x-internal-token"],
            "body": {"status": "{status}", "apiKey": "${API_KEY}"}}},
        auth={"kind": "jwt", "algorithm": "RS256", "key_file": keys.private.name},
        headers={"x-internal-token": "${INTERNAL}", "x-gateway": "${GATEWAY}"},
        observers={"redis_url": f"redis://:{quoted}@127.0.0.1:1/0", "admin": {"username": "u", "password": "${ADMIN}"}},
    )  # fmt: skip
    env = {"INTERNAL": INTERNAL, "GATEWAY": HEADER, "ADMIN": "the admin's secret", "API_KEY": "the key of the hook"}
    pem = [line for line in keys.private.read_text().splitlines() if "KEY" not in line]
    program = [sys.executable, str(folder / "echo.py"), str(keys.public), INTERNAL, str(port)]
    with started(*program):
        words = ("--target", "it", "--settings", str(folder / "roomcheck.toml"))
        yield words, env, [*env.values(), PASSWORD, quoted, *pem]


def told(written: dict[str, str], secrets: list[str]) -> list[tuple[str, str]]:
    """Which secrets are told, and where."""
    found = [(name, secret) for name, text in written.items() for secret in secrets if secret in text]
    return found + [(name, match[0]) for name, text in written.items() for match in A_TOKEN.finditer(text)]


def test_nothing_secret_is_in_any_output(tmp_path: Path) -> None:
    outlets = [word for name in formats() for word in ("--report", f"{name}={tmp_path / f'report.{name}'}")]
    kept = tmp_path / "run.ndjson"
    with echoing(tmp_path) as (target, env, secrets):
        runs = [
            roomcheck("check", *target, "--verbose", "--journal", str(kept), *outlets, env=env),
            roomcheck("doctor", *target, env=env),
        ]
    runs.append(roomcheck("judge", str(kept), "--verbose"))
    written = {name: (tmp_path / f"report.{name}").read_text() for name in formats()}
    written["journal"] = kept.read_text()
    written["output"] = "".join(run.stdout + run.stderr for run in runs)
    assert COVER in written["journal"]
    assert told(written, secrets) == []


def test_nothing_secret_is_in_what_a_fuzz_writes(tmp_path: Path) -> None:
    kept = tmp_path / "run.ndjson"
    with echoing(tmp_path) as (target, env, secrets):
        run = roomcheck("fuzz", *target, "--count", "2", "--verbose", "--journal", str(kept), env=env)
    assert COVER in kept.read_text()
    assert told({"journal": kept.read_text(), "output": run.stdout + run.stderr}, secrets) == []


def test_nothing_secret_is_in_what_a_load_writes_locusts_files_and_arguments_included(tmp_path: Path) -> None:
    files = {name: tmp_path / f"load.{name}" for name in ("ndjson", "html", "json")}
    words = [sys.executable, "-m", "cli", "load", "-t", "3s", "-u", "2", "Chat", "--chat-rate", "10", "--journal"]
    words += [str(files["ndjson"]), "--html", str(files["html"]), "--json-file", str(files["json"])]
    words += ["--csv", str(tmp_path / "load")]
    with echoing(tmp_path) as (target, env, secrets):
        run = subprocess.Popen(
            [*words, *target], cwd=ROOT, env=clean_environment() | env, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        assert run.stderr is not None
        before = next(line for line in run.stderr if "Ramping to" in line)
        children = Path(f"/proc/{run.pid}/task/{run.pid}/children").read_text().split()
        arguments = "".join(Path(f"/proc/{pid}/cmdline").read_text() for pid in children)
        out, err = run.communicate(timeout=HANG_S)
    written = {path.name: path.read_text() for path in tmp_path.glob("load*")}
    assert {"load.ndjson", "load.html", "load_stats.csv", "load_failures.csv"} <= set(written), before + err
    assert "locustfile" in arguments
    assert COVER in written["load.ndjson"]
    assert told(written | {"output": before + out + err, "arguments": arguments}, secrets) == []


def test_what_is_echoed_is_covered_in_every_kind_of_entry() -> None:
    secrets = Secrets("s3cret", 'with "quotes" and \n line')
    entries = (
        Got(at_s=0.0, actor="ann", event="e", args=({"deep": [{"a": "x s3cret y"}]},)),
        Sent(at_s=0.0, actor="ann", event="s3cret", args=('with "quotes" and \n line',)),
        Called(
            at_s=0.0,
            actor="http",
            call="c",
            method="GET",
            path="/s3cret",
            params={},
            done_s=0.0,
            answer="\ud800 s3cret",
        ),
    )
    made = secrets.cover_transcript(Transcript(act="a", rooms=(), entries=entries, began_s=0.0, ended_s=0.0))
    assert made.entries[0] == Got(at_s=0.0, actor="ann", event="e", args=({"deep": [{"a": f"x {COVER} y"}]},))
    assert made.entries[1] == Sent(at_s=0.0, actor="ann", event=COVER, args=(COVER,))
    assert made.entries[2].answer == f"\ud800 {COVER}"


def test_what_has_no_secret_is_left_as_it_is() -> None:
    transcript = Transcript(
        act="a", rooms=(), entries=(Got(at_s=0.0, actor="a", event="e", args=({"a": 1},)),), began_s=0.0, ended_s=0.0
    )
    assert Secrets("s3cret").cover_transcript(transcript) is transcript
    assert Secrets("abc").covered("abc is too short to guard anything") == "abc is too short to guard anything"


def test_the_longest_secret_is_covered_first() -> None:
    assert Secrets("token", "token-of-more").covered("a token-of-more and a token") == f"a {COVER} and a {COVER}"


@pytest.mark.parametrize("words", [("--token", "the-token-itself"), ("--jwt-key", "the key itself, long enough")])
def test_flags_are_secret_too(words: tuple[str, str]) -> None:
    program = [sys.executable, "-m", "cli", "check", f"http://127.0.0.1:{free_port()}", *words]
    run = subprocess.run(program, cwd=ROOT, capture_output=True, text=True, env=clean_environment(), check=False)
    assert run.returncode == 3
    assert words[1] not in run.stdout + run.stderr
    assert json.dumps(words[1]) not in run.stdout


class EchoingDoor(BaseHTTPRequestHandler):
    """Turns every request away, and sends its head back."""

    def answer(self) -> None:
        said = f"Forbidden: {self.requestline} {dict(self.headers)}".encode()
        self.send_response(403)
        self.send_header("content-length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    do_GET = do_POST = answer  # noqa: N815 - the names are http.server's

    def log_message(self, *words: object) -> None:
        pass


@pytest.mark.parametrize("place", ["query.token", "header.X-Token", "cookie.session"])
def test_a_token_in_a_request_is_covered_where_the_request_is_echoed(tmp_path: Path, place: str) -> None:
    token = "a-token/with=signs+of-base64"
    with ThreadingHTTPServer(("127.0.0.1", 0), EchoingDoor) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}"
        auth = {"kind": "token", "token": token, "token_in": place}
        path = settings(tmp_path, realtime_urls=[url], contracts="example", auth=auth)
        words = ("--target", "it", "--settings", str(path))
        runs = [
            roomcheck("check", *words, "--journal", str(tmp_path / "run.ndjson"), "--verbose"),
            roomcheck("doctor", *words),
        ]
        server.shutdown()
    assert [run.returncode for run in runs] == [3, 3]
    written = "".join(run.stdout + run.stderr for run in runs) + (tmp_path / "run.ndjson").read_text()
    assert f"the token was shown in {place}" in " ".join(written.split())
    assert COVER in written
    for form in (token, quote(token, safe=""), quote_plus(token), token[8:]):
        assert form not in written


def test_a_token_in_an_event_is_covered_where_the_refusal_echoes_it(tmp_path: Path) -> None:
    token = "a token that no service takes"

    class Tells(LogsIn):
        async def _login(self, sid: str, payload: dict[str, object]) -> object:
            return {"ok": False, "error": f"NO_TOKEN: {payload['jwt']}", "data": payload}

    async def whole() -> list[object]:
        found: list[object] = []
        event = {"event": "login", "payload": {"jwt": "{token}"}, "ack": {"ok": True}}
        secrets = Secrets()
        auth = auth_of({"kind": "token", "token": token, "token_event": event}, tmp_path, "auth", secrets)
        async with whiteboard("no key is needed, since no token is read", Tells) as url:
            order = CheckRequest(
                bundle=load("example"), target=replace(target(url), auth=auth), rules=rules(), secrets=secrets,
                selection=Selection(rules=("bad-token-is-refused",)),
            )  # fmt: skip
            await check(order, found.append)
        return found

    records = asyncio.run(whole())
    text = repr(records)
    assert f"NO_TOKEN: {COVER}" in text
    assert token not in text


@pytest.mark.parametrize(
    "words",
    [
        ("check", "http://127.0.0.1:9/?token=hunter2"),
        ("check", "http://127.0.0.1:9/#hunter2"),
        ("check", "http://me:hunter2@127.0.0.1:9"),
        ("check", "http://me:hunter2@[127.0.0.1:9"),
        ("load", "http://127.0.0.1:9/?token=hunter2", "-t", "1s"),
        ("load", "http://me:hunter2@127.0.0.1:9", "-t", "1s"),
        ("load", "-H", "http://me:hunter2@127.0.0.1:9", "-t", "1s"),
    ],
)
def test_an_address_with_secrets_is_refused_without_telling_them(words: tuple[str, ...]) -> None:
    run = roomcheck(*words)
    assert run.returncode == 2
    assert "hunter2" not in run.stdout + run.stderr


def test_a_password_is_not_written_into_settings(tmp_path: Path) -> None:
    path = tmp_path / "roomcheck.toml"
    words = ("--url", "http://127.0.0.1:9", "--redis", "redis://me:hunter2@127.0.0.1:6379/0", "--settings", str(path))
    run = roomcheck("init", *words)
    assert run.returncode == 0
    assert "set ROOMCHECK_REDIS to the address of Redis" in run.stdout
    assert 'redis_url = "${ROOMCHECK_REDIS}"' in path.read_text()
    assert "hunter2" not in path.read_text() + run.stdout + run.stderr
