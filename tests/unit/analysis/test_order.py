"""Order: of calls that follow each other's answers and of a socket's events in a row; nothing else promises one."""

import asyncio
import dataclasses
from itertools import combinations
from typing import Any

import pytest

from conformance.analysis.reading import read
from conformance.analysis.script import script
from conformance.engine.check import CheckRequest, check
from conformance.engine.selftest import accused
from conformance.judge.rule import rules
from conformance.judge.selection import Selection
from conformance.model.act import Calm
from conformance.model.verdict import Outcome
from conformance.plan.order import CALLS_COUNT, EVENTS_COUNT, ordered, sequence
from conformance.plan.stimulus import Setting
from conformance.reference.host import hosted
from conformance.reference.service import Service
from conformance.reference.store import Store
from conformance.stage.state import Crowd
from conformance.target.target import Auth, target
from contracts.load import load
from tests.running import KEY

EXAMPLE = load("example")
RULE = "order-is-kept"
PAIR = """
ann opened a1 user=ua
bob opened b1 user=ub
ann in r1
bob in r1
"""


def told(text: str) -> list[tuple[str, Outcome]]:
    rule = next(rule for rule in rules() if rule.id == RULE)
    return [(one.subject, one.outcome) for one in rule.judge(read(EXAMPLE, script(EXAMPLE, PAIR + text)))]


ONE = '{"id": "n1", "room": "r1", "text": "one", "at": 1}'
TWO = '{"id": "n2", "room": "r1", "text": "two", "at": 1}'
CALL = 'http add-note {"room": "r1"} {"text": "%s"} => 201 {}'
REVERSED = f"bob <- note:added {TWO}\nbob <- note:added {ONE}"


@pytest.mark.parametrize(("statuses", "outcomes"), [((202, 202), []), ((201, 202), []), ((201, 201), [Outcome.FAIL])])
def test_calls_that_are_carried_out_later_promise_none(statuses: tuple[int, int], outcomes: list[Outcome]) -> None:
    call = dataclasses.replace(EXAMPLE.calls["add-note"], status=(201, 202))
    bundle = dataclasses.replace(EXAMPLE, calls={**EXAMPLE.calls, "add-note": call})
    first, second = (CALL.replace("201", str(status)) for status in statuses)
    text = PAIR + f"@1.0 {first % 'one'}\n@1.01 {second % 'two'}\n{REVERSED}"
    rule = next(rule for rule in rules() if rule.id == RULE)
    assert [one.outcome for one in rule.judge(read(bundle, script(bundle, text)))] == outcomes
    assert "note:added" in rule.subjects(bundle)
    later = {**EXAMPLE.calls, "add-note": dataclasses.replace(call, status=(202,))}
    assert "note:added" not in rule.subjects(dataclasses.replace(EXAMPLE, calls=later))


def test_calls_that_follow_each_others_answers_promise_an_order() -> None:
    assert told(f"@1.0 {CALL % 'one'}\n@1.01 {CALL % 'two'}\n{REVERSED}") == [("note:added", Outcome.FAIL)]


def test_calls_that_overlap_promise_none() -> None:
    # An exchange of a script takes 5 ms.
    assert told(f"@1.0 {CALL % 'one'}\n@1.004 {CALL % 'two'}\n{REVERSED}") == []


def test_messages_that_cannot_be_told_apart_prove_nothing() -> None:
    take, taken = 'ann -> pen:take {"room": "r1", "pen": "red"}', 'bob <- pen:taken {"room": "r1", "pen": "red"}'
    assert told(f"{take}\n{take}\n{taken}\n{taken}") == []
    assert told(f"{take}\n{take.replace('red', 'blue')}\n{taken}\n{taken.replace('red', 'blue')}") == [
        ("pen:taken", Outcome.PASS)
    ]


@pytest.mark.parametrize("name", ["sos", "sos-built", "example"])
def test_neighbours_of_a_sequence_differ_and_it_waits_for_calm(name: str) -> None:
    bundle = load(name)
    play = sequence(Setting(bundle=bundle, nonce="n"))
    assert play is not None
    assert any(isinstance(step, Calm) for step in play.steps)
    given: dict[tuple[str, ...], list[Any]] = {}
    for lane in play.steps[-2].steps:  # type: ignore[union-attr]
        for step in lane.steps:  # type: ignore[union-attr]
            call = getattr(step, "call", "")
            given.setdefault((call or step.event,), []).append((step.params, step.body) if call else step.args)  # type: ignore[union-attr]
    for (sent,), values in given.items():
        assert len(values) == (3 if sent == "pen:take" else CALLS_COUNT if sent in bundle.calls else EVENTS_COUNT)
        assert all(one != other for one, other in combinations(values, 2)), sent
    assert {b.event for b in ordered(bundle)} >= {
        broadcast
        for broadcast in ("message:broadcast", "sos:status:broadcast", "pen:taken")
        if bundle.broadcast(broadcast)
    }
    # Two in a row that carry nothing but the room cannot be told apart.
    assert not {b.event for b in ordered(bundle)} & {"message:typing:stop", "message:typing:stopped"}


def test_values_that_may_end_a_subject_are_sent_in_a_room_of_their_own() -> None:
    play = sequence(Setting(bundle=load("sos"), nonce="n"))
    assert play is not None
    assert play.rooms == ("RC-n-sequence-1", "RC-n-sequence-5")


def test_calm_comes_when_every_other_act_is_over_or_waits_for_it() -> None:
    async def whole() -> None:
        crowd = Crowd()
        for _ in range(3):
            crowd.come()
        crowd.go()
        crowd.go()
        assert not crowd.calm.is_set()
        crowd.go()
        assert crowd.calm.is_set()

    asyncio.run(whole())


class BroadcastsLaterInOrder(Service):
    """Answers at once; what it has to tell waits in a queue for a moment each."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.queue: asyncio.Queue[tuple[Any, ...]] = asyncio.Queue()
        self.telling: asyncio.Task[None] | None = None

    async def send(self, event: str, payload: Any, room: str, but: str | None = None) -> None:
        self.queue.put_nowait((event, payload, room, but))
        self.telling = self.telling or asyncio.ensure_future(self.tell())

    async def tell(self) -> None:
        while True:
            said = await self.queue.get()
            await asyncio.wait({asyncio.get_running_loop().create_future()}, timeout=0.002)
            await super().send(*said)


def test_a_service_that_broadcasts_late_and_in_order_is_not_accused() -> None:
    async def whole() -> list[tuple[str, Outcome]]:
        service = BroadcastsLaterInOrder(Store.open(), KEY)
        async with hosted(service) as url:
            order = CheckRequest(
                bundle=load("sos"),
                target=target(url, auth=Auth(key=KEY)),
                rules=rules(),
                selection=Selection(rules=(RULE,)),
            )
            result = await check(order, lambda record: None)
        if service.telling:
            service.telling.cancel()
        return [(v.subject, v.outcome) for v in result.verdicts]

    subjects = ("message:broadcast", "message:typing:start", "participant:joined:broadcast", "sos:status:broadcast")
    assert asyncio.run(whole()) == [(subject, Outcome.PASS) for subject in subjects]


def test_a_service_whose_statuses_overtake_each_other_is_told_that_alone() -> None:
    assert asyncio.run(accused("statuses-overtake-each-other")).rules == (RULE,)
