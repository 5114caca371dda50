"""The service as it was built and published, over websocket alone: reached, judged exactly, and still alive."""

import json
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from tests.deploying import key_pair
from tests.running import INTERNAL_TOKEN, KEY, built_process, roomcheck, settings

pytestmark = pytest.mark.peer
HANDSHAKE = "/socket.io/?EIO=4&transport=polling"
DIES_S = 10
"""The second answer to a polling request comes after 2 s; the rest is for a busy machine."""

Failed = set[tuple[str, str]]

DEFECTS: Failed = {
    # 0 is taken for missing, and what the geographic index does not hold is broadcast and refused.
    ("good-request-gets-no-error", "location:update"),
    ("good-request-gets-no-error", "rescuer:location"),
    # Without an id it is broadcast to the room `sos:undefined`.
    ("bad-request-gets-an-error", "location:update"),
    ("bad-request-has-no-effect", "location:update"),
}
"""What the service does against its own contracts, over either road."""

RENAMED = {
    "message:typing:start": "message:typing:broadcast",
    "message:typing:stop": "message:typing:stopped",
    "participant:joined:broadcast": "participant:joined",
    "participant:left:broadcast": "participant:left",
}
DRIFT: Failed = {
    *(("broadcast-keeps-its-name", name) for name in RENAMED),
    # Any client can have the room told what only the service may say.
    ("client-cannot-forge-broadcast", "message:broadcast"),
    ("client-cannot-forge-broadcast", "participant:joined:broadcast"),
    ("client-cannot-forge-broadcast", "participant:left:broadcast"),
    ("payload-keeps-its-schema", "message:broadcast"),
    ("good-request-gets-no-error", "location:update"),
    # Places out of range, any status, ids that are numbers: all is taken as it comes.
    *(
        ("bad-request-has-no-effect", name)
        for name in ("location:update", "message:typing:start", "sos:room:join", "sos:status:update")
    ),
    ("bad-request-gets-an-error", "location:update"),
    ("bad-request-gets-an-error", "message:typing:stop"),
    ("bad-request-gets-an-error", "sos:room:leave"),
}
"""What the guide does not allow, over either road."""

STORED: Failed = {
    ("calls-answer-as-documented", "POST /api/messages/:sosId"),
    ("calls-answer-as-documented", "GET /api/messages/:sosId"),
    ("calls-answer-as-documented", "GET /api/messages/message/:messageId"),
}
"""Calls whose answers name senders in upper case, as they are stored."""

UNDOCUMENTED: Failed = {
    ("no-undocumented-event", name) for name in ("sos:close", "sos:init", "sos:room:joined", "sos:room:left")
}
LACKS_API = 'the HTTP API is not part of this target: set triggers = "api" and api_url'


@dataclass(frozen=True, kw_only=True)
class Ran:
    """A check and its report."""

    run: subprocess.CompletedProcess[str]
    report: dict[str, Any]

    def told(self, *outcomes: str) -> Failed:
        return {(v["rule"], v["subject"]) for v in self.report["verdicts"] if v["outcome"] in outcomes}

    def one(self, rule: str, subject: str) -> dict[str, Any]:
        [found] = [v for v in self.report["verdicts"] if (v["rule"], v["subject"]) == (rule, subject)]
        return dict(found)


@dataclass(frozen=True, kw_only=True)
class Peer:
    """The service as published, with the settings that describe it."""

    program: subprocess.Popen[str]
    folder: Path
    table: dict[str, Any]

    def settings(self, **more: Any) -> Path:
        return settings(self.folder, **self.table, **more)

    @cache  # noqa: B019 - one peer a module
    def checked(self, contracts: str, triggers: str) -> Ran:
        report = self.folder / f"{contracts}-{triggers}.json"
        path = self.settings(contracts=contracts, triggers=triggers)
        run = roomcheck("check", "--target", "it", "--settings", str(path), "--transport", "websocket",
                        "--report", f"json={report}")  # fmt: skip
        return Ran(run=run, report=json.loads(report.read_text()))

    def __hash__(self) -> int:
        return id(self)


@pytest.fixture(scope="module")
def peer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Peer]:
    folder = tmp_path_factory.mktemp("built")
    keys = key_pair(folder, "RS256")
    with built_process("--api", "--jwt-public-key", str(keys.public)) as (program, url):
        auth = {"kind": "jwt", "algorithm": "RS256", "key_file": keys.private.name}
        table = {"realtime_urls": [url], "auth": auth, "headers": {"x-internal-token": INTERNAL_TOKEN}}
        yield Peer(program=program, folder=folder, table=table)


@pytest.mark.parametrize("triggers", ["api", "internal"])
def test_the_contracts_as_built_hold_but_for_the_defects(peer: Peer, triggers: str) -> None:
    made = peer.checked("sos-built", triggers)
    assert made.told("fail", "warning", "error") == DEFECTS
    assert {rule for rule, _ in made.told("inconclusive", "skip")} == {"room-is-named-as-documented"}
    undefined = made.one("bad-request-has-no-effect", "location:update")
    assert undefined["expected"] == "no effect of a request with no `sosId`"
    assert undefined["got"].endswith('heard in the room of "undefined"')
    reasons = {one["reason"] for one in made.report["not_exercised"]}
    assert reasons == ({LACKS_API} if triggers == "internal" else set())
    assert made.run.returncode == 1, made.run.stdout


@pytest.mark.parametrize("triggers", ["api", "internal"])
def test_each_difference_from_the_guide_is_named(peer: Peer, triggers: str) -> None:
    made = peer.checked("sos", triggers)
    assert made.told("fail", "error") == DRIFT | (STORED if triggers == "api" else set())
    assert made.told("warning") == UNDOCUMENTED
    for name, other in RENAMED.items():
        assert f"renamed from {name!r} to {other!r}" in made.one("broadcast-keeps-its-name", name)["got"]
    relayed = made.one("client-cannot-forge-broadcast", "message:broadcast")["got"]
    assert "{sosId, message: {…}} came out as 'message:broadcast'" in relayed
    assert (
        "came out as 'participant:left'"
        in made.one("client-cannot-forge-broadcast", "participant:left:broadcast")["got"]
    )
    refused = made.one("good-request-gets-no-error", "location:update")["expected"]
    assert all(edge in refused for edge in ("`latitude` 0", "`longitude` 0", "`latitude` 90", "`latitude` -90"))
    relayed = made.one("bad-request-has-no-effect", "location:update")["expected"]
    out_of_range = ("no `sosId`", "`latitude` 91 (maximum)", "`longitude` -180.5 (minimum)", "`accuracy` -1 (minimum)")
    assert all(what in relayed for what in out_of_range), relayed
    assert '`status` "EN_ROUTE" (enum)' in made.one("bad-request-has-no-effect", "sos:status:update")["expected"]
    sender = made.one("payload-keeps-its-schema", "message:broadcast")
    assert sender["expected"] == 'one of "citizen", "admin", "rescuer" at `senderType`'
    assert json.loads(sender["got"]) in ("CITIZEN", "SOS_ADMIN", "RESCUER", "SYSTEM")


@pytest.mark.parametrize("triggers", ["api", "internal"])
def test_what_a_rename_hides_refers_to_it_and_to_no_setting(peer: Peer, triggers: str) -> None:
    report = peer.checked("sos", triggers).report
    hidden = [v["message"] for v in report["verdicts"]
              if v["outcome"] == "inconclusive" and v["rule"] != "room-is-named-as-documented"]  # fmt: skip
    hidden += [one["reason"] for one in report["not_exercised"] if one["subject"] in RENAMED]
    known = {f"{name} is sent as {other!r}: see broadcast-keeps-its-name" for name, other in RENAMED.items()}
    assert set(hidden) == known


def test_doctor_reaches_it_over_websocket_and_finds_every_broadcast(peer: Peer) -> None:
    path = peer.settings(contracts="sos-built", triggers="internal")
    run = roomcheck("doctor", "--target", "it", "--settings", str(path), "--transport", "websocket")
    lines = run.stdout.splitlines()
    assert any(line.startswith("ok      reaches") and line.endswith("over websocket") for line in lines), run.stdout
    arrived = {line.split()[2].rstrip(":") for line in lines if line.startswith("ok      broadcast")}
    assert {"message:broadcast", "participant:joined", "location:broadcast", "sos:room:joined"} <= arrived
    assert [line.split(maxsplit=3)[1:3] for line in lines if line.startswith("missing")] == [["room", "names"]]


def test_a_refused_trigger_is_told_with_its_answer_and_breaks_nothing(peer: Peer, tmp_path: Path) -> None:
    trigger = {
        "method": "POST",
        "url": "/internal/messaging/broadcast",
        "needs": ["x-internal-token"],
        "body": {"sosId": "{sosId}", "message": {
            "id": "{uuid}", "sosId": "{sosId}", "senderType": "{senderType}", "content": "{content}",
            "senderDisplayName": "{senderDisplayName}", "contentType": "{contentType}", "createdAt": "{now_iso}"}},
    }  # fmt: skip
    report = tmp_path / "report.json"
    path = peer.settings(contracts="sos", triggers={"base": "none", "message:broadcast": trigger})
    roomcheck("check", "--target", "it", "--settings", str(path), "--select", "broadcast-arrives",
              "--select", "calls-answer-as-documented", "--report", f"json={report}")  # fmt: skip
    made = json.loads(report.read_text())
    answer = (
        '{"success": false, "error": "\\"message.senderType\\" must be one of [CITIZEN, SOS_ADMIN, RESCUER, SYSTEM]"}'
    )
    text = f"POST /internal/messaging/broadcast answered 400 {answer}, expected 200 or 201 or 202 or 204"
    reasons = {one["subject"]: one["reason"] for one in made["not_exercised"] if one["rule"] == "broadcast-arrives"}
    assert reasons["message:broadcast"] == f"its trigger {text}"
    [verdict] = [v for v in made["verdicts"] if v["rule"] == "calls-answer-as-documented"]
    assert (verdict["outcome"], verdict["message"]) == (
        "inconclusive", f"the trigger of message:broadcast was refused: {text}"
    )  # fmt: skip


def test_it_is_still_alive(peer: Peer) -> None:
    """After everything above: nothing asked it over polling, of which it would have died."""
    peer.checked("sos-built", "api")
    assert peer.program.poll() is None


def test_a_polling_request_is_the_end_of_it() -> None:
    with built_process("--jwt-key", KEY) as (program, url):
        with pytest.raises(HTTPError) as refused:
            urlopen(url + HANDSHAKE)  # noqa: S310 - an address of this machine
        assert refused.value.code == 404
        assert program.wait(DIES_S) == 1
