"""A request that is refused: told as that, asked again a few times only, and its errors are nobody else's."""

import asyncio
from collections import Counter
from typing import Any

import pytest

from conformance.analysis.queries import PAIR, TRIO
from conformance.analysis.reading import read
from conformance.analysis.script import script
from conformance.engine.check import CheckRequest, Result, check
from conformance.journal.records import Played, Record
from conformance.judge.rule import rules
from conformance.judge.selection import Selection
from conformance.model.transcript import Marked, Sent, Transcript
from conformance.model.verdict import Finding, Outcome
from conformance.reference.host import hosted
from conformance.reference.service import Bad, Service
from conformance.reference.store import Store
from conformance.stage.perform import MOST_REFUSED
from conformance.target.target import target
from contracts.load import load

EXAMPLE = load("example")
RULES = {rule.id: rule for rule in rules()}


def findings(rule: str, text: str) -> list[Finding]:
    return list(RULES[rule].judge(read(EXAMPLE, script(EXAMPLE, text))))


def outcomes(rule: str, text: str) -> list[Outcome]:
    return [finding.outcome for finding in findings(rule, text)]


ASKED = 'ann -> who {"room": "r1"} #1\n'
ERROR = 'ann <- problem {"code": "FORBIDDEN"}\n'


def said_of_who(text: str) -> list[tuple[Outcome, str]]:
    return [(f.outcome, f.got or f.message) for f in findings("request-has-its-effect", text) if f.subject == "who"]


def test_a_request_that_is_answered_by_an_error_failed_with_that() -> None:
    assert said_of_who(PAIR + ASKED + ERROR) == [(Outcome.FAIL, "an error")]


def test_an_error_that_may_answer_something_else_is_no_refusal() -> None:
    """The request was not answered at all, and the error is that of the bad one."""
    said = said_of_who(PAIR + ASKED + 'ann -> pen:take {"room": "r1"}\n' + ERROR)
    assert said == [(Outcome.FAIL, "no answer")] or said[0][0] is Outcome.INCONCLUSIVE
    assert "an error" not in [got for _, got in said]


def test_a_request_that_is_answered_elsewhere_may_be_refused_here() -> None:
    other = 'bob -> who {"room": "r1"} #1\nbob <= who #1 {"room": "r1", "sockets": [], "count": 0}\n'
    assert Outcome.FAIL not in [outcome for outcome, _ in said_of_who(PAIR + other + ASKED + ERROR)]


BAD = 'bob -> pen:take {"room": "r1"}\nbob <- problem {"code": "NO_PEN"}\n'
RULE = "error-goes-to-the-requester-alone"


def test_the_errors_of_a_sockets_own_requests_are_not_those_of_others() -> None:
    assert Outcome.FAIL not in outcomes(RULE, TRIO + BAD + (ASKED + ERROR) * 3)


@pytest.mark.parametrize("own", ["", 'ann -> who {"room": "r1"} #1\nann <= who #1 {"room": "r1", "sockets": []}\n'])
def test_an_error_that_nothing_of_its_socket_explains_is_told(own: str) -> None:
    """Neither a request that was answered, nor none at all."""
    assert Outcome.FAIL in outcomes(RULE, TRIO + own + BAD + 'ann <- problem {"code": "NO_PEN"}\n')


def test_an_error_that_nobody_else_got_may_be_a_sockets_own() -> None:
    own = 'ann -> who {"room": "r1"} #1\nann <= who #1 {"room": "r1", "sockets": []}\n'
    said = outcomes(RULE, TRIO + own + BAD + 'ann <- problem {"code": "TOO_MANY_ROSTERS"}\n')
    assert Outcome.INCONCLUSIVE in said
    assert Outcome.FAIL not in said


class RefusesTheRoster(Service):
    async def active(self, sid: str, sos: str, payload: dict[str, Any]) -> Any:
        raise Bad("FORBIDDEN", "the roster is for owners")


class RefusesTheRosterToStrangers(Service):
    """And takes its time to let somebody in."""

    async def join(self, sid: str, sos: str, payload: dict[str, Any]) -> None:
        await asyncio.wait({asyncio.get_running_loop().create_future()}, timeout=0.2)
        await super().join(sid, sos, payload)

    async def on_event(self, event: str, sid: str, *args: Any) -> Any:
        if event in ("sos:room:join", "sos:init"):
            self.joining = asyncio.ensure_future(super().on_event(event, sid, *args))
            return None
        return await super().on_event(event, sid, *args)

    async def active(self, sid: str, sos: str, payload: dict[str, Any]) -> Any:
        if sid not in self.members(sos):
            raise Bad("FORBIDDEN", "the roster is for members")
        return await super().active(sid, sos, payload)


def checked(service: Service, *selected: str) -> tuple[Result, list[Transcript]]:
    records: list[Record] = []

    async def run() -> Result:
        async with hosted(service) as url:
            order = CheckRequest(
                bundle=load("sos"), target=target(url), rules=rules(), selection=Selection(rules=selected)
            )
            return await check(order, records.append)

    return asyncio.run(run()), [record.transcript for record in records if isinstance(record, Played)]


def test_a_roster_that_is_refused_is_asked_for_a_few_times_only() -> None:
    result, transcripts = checked(
        RefusesTheRoster(Store.open(":memory:")), "request-has-its-effect", "error-goes-to-the-requester-alone"
    )
    asks = Counter(
        (transcript.act, entry.actor, entry.args[0].get("sosId"))
        for transcript in transcripts
        for entry in transcript.entries
        if isinstance(entry, Sent) and entry.event == "participants:active:request"
    )
    assert max(asks.values()) <= 3 * MOST_REFUSED
    failed = {(verdict.rule, verdict.subject) for verdict in result.verdicts if verdict.outcome is Outcome.FAIL}
    assert failed == {("request-has-its-effect", "participants:active:request")}
    (verdict,) = (verdict for verdict in result.verdicts if verdict.outcome is Outcome.FAIL)
    assert verdict.got == "an error"


def test_a_roster_that_is_refused_until_a_join_counts_is_asked_for_again() -> None:
    _, transcripts = checked(RefusesTheRosterToStrangers(Store.open(":memory:")), "rooms-are-isolated")
    marks = [entry for transcript in transcripts for entry in transcript.entries if isinstance(entry, Marked)]
    assert marks
    assert {mark.how for mark in marks if mark.mark == "in"} == {"roster"}
