"""A join whose answer is none that the contract knows makes no member: what it does not receive is nobody's fault."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from conformance.engine.check import CheckRequest, check
from conformance.judge.rule import rules
from conformance.model.verdict import Outcome
from conformance.server.cause import Cause
from conformance.server.host import embedded
from conformance.server.service import Service
from conformance.target.target import target
from contracts.load import load
from contracts.model import Bundle
from contracts.starter import Draft, documents

DRAFT = Draft(name="it", room="room:{room}", enter="join", events=(("say", "said"),), acks=True, ack={"ok": True})
RULES = ("sender-hears-as-documented", "everyone-in-the-room-receives")


def bundle_in(folder: Path) -> Bundle:
    (folder / "events").mkdir()
    for name, document in documents(DRAFT).items():
        for part in (part for part in document.values() if isinstance(part, dict) and "payload" in part):
            part["deadline_ms"] = 300  # Of what never comes; it is waited for.
        (folder / f"{name}.json").write_text(json.dumps(document))
    return load(str(folder))


class Full(Service):
    """Lets in every second socket that asks; the others are told so by an answer that no contract has."""

    asked = 0

    async def enter(self, sid: str, namespace: str, kind: str, subject: str) -> None:
        """Enter every second one."""
        self.asked += 1
        if self.asked % 2:
            await super().enter(sid, namespace, kind, subject)

    def acknowledge(self, event: str, arguments: tuple[Any, ...], cause: Cause) -> tuple[Any, ...] | None:
        """Say whether it was let in."""
        return (
            ({"ok": False},) if event == "join" and not self.asked % 2 else super().acknowledge(event, arguments, cause)
        )


@pytest.mark.long  # It waits for much that never comes; tests/unit/model/test_wire_answers.py has the guard itself.
def test_who_is_turned_away_by_an_undocumented_answer_is_no_member(tmp_path: Path) -> None:
    bundle = bundle_in(tmp_path)

    async def whole() -> set[tuple[str, str]]:
        async with embedded(bundle, kind=Full) as url:
            chosen = tuple(rule for rule in rules() if rule.id in RULES)
            result = await check(CheckRequest(bundle=bundle, target=target(url), rules=chosen), lambda record: None)
        assert any(one.rule == "everyone-in-the-room-receives" for one in result.verdicts)
        return {(one.rule, one.subject) for one in result.verdicts if one.outcome is Outcome.FAIL}

    assert asyncio.run(whole()) == set()
