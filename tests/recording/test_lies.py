"""Services that lie, seen by real clients through `record`: the rule that names a lie tells it."""

import asyncio
from pathlib import Path
from typing import Any

import httpx
import pytest
import socketio

from conformance.journal.records import read
from conformance.judge.recorded import judge_recorded
from conformance.judge.rule import record_rules
from conformance.model.verdict import Outcome
from contracts.load import load
from tests.recording.recording import recorded
from tests.running import served

SOS = load("sos")
LIES = {
    "": set(),
    "delivered-twice": {"same-broadcast-comes-once: message:broadcast"},
    "message-is-new": {"retired-name-is-absent: message:new"},
    "messages-overtake-each-other": {"order-of-causes-is-kept: message:broadcast"},
    "prefix-is-enough": {"rooms-stay-apart: message:broadcast", "rooms-stay-apart: sos:status:broadcast"},
    "not-a-number": {"frames-can-be-parsed: sos:status:broadcast"},
}


async def chat(url: str) -> None:
    """Two members of one room and one of another; four messages, a status, and a question after all of them."""
    members = [socketio.AsyncClient() for _ in range(3)]
    for number, member in enumerate(members):
        await member.connect(url, transports=["websocket"])
        room = {"sosId": "room-a2" if number == 2 else "room-a", "displayName": f"m{number}"}
        await member.call("participants:active:request", room, timeout=60)
        await member.emit("sos:room:join", room)
        await member.call("participants:active:request", room, timeout=60)
    async with httpx.AsyncClient(base_url=url, timeout=60) as caller:
        for room in ("room-a2", "room-a"):
            for number in range(4):
                body = {"senderDisplayName": "Ann", "content": f"{room} {number}"}
                assert (await caller.post(f"/api/messages/{room}", json=body)).status_code == 201
    await members[0].emit("sos:status:update", {"sosId": "room-a", "status": "active"})
    for member in members:
        for _ in range(2):
            await member.call("participants:active:request", {"sosId": "room-a"}, timeout=60)
        await member.disconnect()


@pytest.mark.parametrize(
    ("lie", "accused"),
    [
        pytest.param(*one, id=one[0] or "honest", marks=() if number < 2 else pytest.mark.long)
        for number, one in enumerate(LIES.items())
    ],
)
def test_a_lie_is_told_by_the_rule_that_names_it(lie: str, accused: set[str], tmp_path: Path) -> None:
    options: list[Any] = ["--lie", lie] if lie else []
    with served(*options) as url, recorded(url, tmp_path) as recording:
        asyncio.run(chat(recording.url))
    verdicts, _ = judge_recorded(SOS, read(recording.path).transcripts, record_rules())
    bad = {f"{one.rule}: {one.subject}" for one in verdicts if one.outcome in (Outcome.FAIL, Outcome.WARNING)}
    assert bad == accused
    if not lie:
        passed = {one.rule for one in verdicts if one.outcome is Outcome.PASS}
        assert {"same-broadcast-comes-once", "order-of-causes-is-kept", "rooms-stay-apart"} <= passed
