"""A service listens from the moment of connecting, and who is told to have joined has: told once where that fails."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar

import pytest

from conformance.analysis.promises import Caution, caution_of
from conformance.analysis.reading import read
from conformance.analysis.script import script
from conformance.engine.check import CheckRequest, Result, check
from conformance.engine.selftest import accused, documented
from conformance.judge.judge import judge
from conformance.judge.rule import rules
from conformance.model.transcript import Transcript
from conformance.model.verdict import Outcome
from conformance.plan.promises import acknowledged, greeting
from conformance.plan.stimulus import Setting
from conformance.reference.host import hosted
from conformance.reference.service import Service
from conformance.reference.store import Store
from conformance.target.target import Auth, target
from contracts.load import load
from contracts.model import Bundle
from tests.peers.whiteboard import Whiteboard, seats, whiteboard
from tests.running import KEY

EXAMPLE = load("example")
LISTENS = "what-is-emitted-on-connecting-is-heard"
JOINS = "answer-to-a-join-means-membership"
ACCUSING = (Outcome.FAIL, Outcome.ERROR, Outcome.WARNING)


def without(bundle: Bundle, *, roster: bool = True, answers: bool = True) -> Bundle:
    """The contracts without the request for the roster, and without an answer to the join."""
    events = dict(bundle.events)
    if not roster:
        del events["who"]
    enter = events["room:enter"].request
    if not answers and enter:
        events["room:enter"] = replace(events["room:enter"], request=replace(enter, reply=None))
    return replace(bundle, events=events)


NO_ROSTER = without(EXAMPLE, roster=False)
NO_ANSWERS = without(EXAMPLE, roster=False, answers=False)

PAIR = """
ann opened a1 user=ua
bob opened b1 user=ub
ann in r1
bob in r1
"""
LOST = PAIR + 'eve opened e1 user=ue\neve ->! who {"room": "r1"} #1\n'
ROSTER = '{"room": "r1", "sockets": [{"socket": "a1", "user": "ua"}, {"socket": "b1", "user": "ub"}], "count": 2}'
WORKS = f'eve -> who {{"room": "r1"}} #2\neve <= who #2 {ROSTER}\n'


def told(rule_id: str, text: str, bundle: Bundle = EXAMPLE) -> list[tuple[str, Outcome]]:
    rule = next(rule for rule in rules() if rule.id == rule_id)
    return [(one.subject, one.outcome) for one in rule.judge(read(bundle, script(bundle, text)))]


def failing(transcript: Transcript, bundle: Bundle = EXAMPLE) -> list[tuple[str, str, str]]:
    verdicts, _ = judge(bundle, [transcript], rules())
    return [(v.rule, v.subject, v.got) for v in verdicts if v.outcome in ACCUSING]


# --- right after connecting ---------------------------------------------------------------------------------


def test_what_is_lost_right_after_connecting_is_told_once_as_a_matter_of_when() -> None:
    cue = 'eve ->! pen:take {"room": "r1", "pen": "red"}\n'
    again = 'eve -> pen:take {"room": "r1", "pen": "red"}\nbob <- pen:taken {"room": "r1", "pen": "red"}\n'
    got = (
        "none of what was emitted in the first 10 ms after connecting; the same requests had their effects "
        "20 ms after connecting"
    )
    assert failing(script(EXAMPLE, LOST + cue + WORKS + again)) == [(LISTENS, "right after connecting", got)]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(LOST.replace("->!", "->") + WORKS, id="it was not emitted early"),
        pytest.param(LOST, id="nothing shows that it ever works"),
        pytest.param(LOST + 'eve -> who {"room": "r1"} #2\n', id="it does not work later either"),
        pytest.param(LOST + "eve closed service\n", id="the connection ended"),
        pytest.param(LOST + WORKS + "eve closed client\n", id="the connection ended later"),
    ],
)
def test_what_does_not_show_a_matter_of_when_is_not_told_as_that(text: str) -> None:
    assert told(LISTENS, text) == []


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(f"eve <= who #1 {ROSTER}\n", id="its ack, late"),
        pytest.param(f"eve <- who:list {ROSTER}\n", id="the named reply"),
        pytest.param('eve <- problem {"code": "NO"}\n', id="an error"),
    ],
)
def test_an_early_request_that_has_any_effect_was_heard(answer: str) -> None:
    assert told(LISTENS, LOST + WORKS + answer) == [("right after connecting", Outcome.PASS)]


def test_an_act_that_ended_before_the_deadline_shows_nothing() -> None:
    transcript = script(EXAMPLE, LOST + WORKS)
    rule = next(rule for rule in rules() if rule.id == LISTENS)
    cut = replace_ended(transcript, transcript.entries[-1].at_s + 0.1)
    assert [finding.outcome for finding in rule.judge(read(EXAMPLE, cut))] == [Outcome.INCONCLUSIVE]


def replace_ended(transcript: Transcript, ended_s: float) -> Transcript:
    import msgspec

    return msgspec.structs.replace(transcript, ended_s=ended_s)


def test_a_late_listener_and_a_late_join_ask_for_caution() -> None:
    assert caution_of(read(EXAMPLE, script(EXAMPLE, LOST + WORKS))) == Caution(listens_s=pytest.approx(0.02))
    assert not caution_of(read(EXAMPLE, script(EXAMPLE, LOST)))
    assert caution_of(read(NO_ROSTER, script(NO_ROSTER, MISSED + HEARD))).joins_s == pytest.approx(0.05)
    # A roster tells who is a member, whatever answers say.
    assert not caution_of(read(EXAMPLE, script(EXAMPLE, MISSED + HEARD)))


# --- after the answer to a join -----------------------------------------------------------------------------

ASKED = PAIR + 'eve opened e1 user=ue\neve -> room:enter {"room": "r1"} #1\n'
ENTERED = 'eve <= room:enter #1 {"room": "r1", "entered": true}\n'
FIRST = (
    'http add-note {"room": "r1"} {"text": "one"} => 201 {"id": "n1", "room": "r1", "text": "one", "at": 1}\n'
    'bob <- note:added {"id": "n1", "room": "r1", "text": "one", "at": 1}\n'
    'ann <- note:added {"id": "n1", "room": "r1", "text": "one", "at": 1}\n'
)
MISSED = ASKED + ENTERED + FIRST
HEARD = (FIRST + FIRST.splitlines()[-1].replace("ann", "eve") + "\n").replace("one", "two").replace("n1", "n2")

OTHERS_HEARD = "\n".join(FIRST.splitlines()[1:] + HEARD.splitlines()[1:]) + "\n"


def test_a_join_that_comes_after_its_answer_is_told_once_as_that() -> None:
    ((rule, subject, got),) = failing(script(EXAMPLE, MISSED + HEARD))
    assert (rule, subject) == (JOINS, "room:enter")
    assert got == (
        "nothing, while others received it: the join came after its answer, and the first that the socket received "
        "was caused 40 ms after it"
    )


@pytest.mark.parametrize(
    ("text", "outcomes"),
    [
        pytest.param(ASKED + FIRST + HEARD, [], id="it was not answered"),
        pytest.param(ASKED + ENTERED.replace("true", "false") + FIRST + HEARD, [], id="the answer is no promise"),
        pytest.param(MISSED, [], id="the socket never heard the room"),
        pytest.param(
            ASKED + ENTERED + FIRST.splitlines()[0] + "\n" + HEARD, [Outcome.PASS], id="nobody heard the first"
        ),
        pytest.param(ASKED + FIRST + ENTERED + HEARD, [Outcome.PASS], id="the first came before the answer"),
        pytest.param(
            ASKED + ENTERED + FIRST.splitlines()[0] + "\n" + HEARD.splitlines()[0] + "\n" + OTHERS_HEARD,
            [Outcome.INCONCLUSIVE],
            id="the first may come yet: what the socket heard was asked for before others had heard the first",
        ),
        pytest.param(
            ASKED + ENTERED + 'eve -> room:exit {"room": "r1"}\n' + FIRST + HEARD, [], id="the socket left at once"
        ),
        pytest.param(ASKED + ENTERED + "eve in r1\n" + FIRST + HEARD, [], id="a roster confirmed it first"),
    ],
)
def test_a_join_is_not_accused_of_what_does_not_show_it(text: str, outcomes: list[Outcome]) -> None:
    assert [outcome for _, outcome in told(JOINS, text)] == outcomes


def test_a_second_join_of_a_member_shows_nothing_about_its_answer() -> None:
    again = 'eve -> room:enter {"room": "r1"} #2\neve <= room:enter #2 {"room": "r1", "entered": true}\n'
    assert told(JOINS, ASKED + again + HEARD) == []


def test_what_the_newcomer_itself_caused_is_not_owed_to_it_where_the_sender_is_left_out() -> None:
    own = 'eve -> cursor:move {"room": "r1", "x": 1.5}\nbob <- cursor:moved {"room": "r1", "x": 1.5, "user": "ue"}\n'
    assert [outcome for _, outcome in told(JOINS, ASKED + ENTERED + own + HEARD)] == [Outcome.PASS]


# --- the acts -----------------------------------------------------------------------------------------------


def test_acts_are_planned_for_what_can_be_seen() -> None:
    assert [acknowledged(Setting(bundle=b, nonce="n")) is None for b in (EXAMPLE, NO_ROSTER, NO_ANSWERS)] == [
        False,
        False,
        True,
    ]
    assert acknowledged(Setting(bundle=load("sos"), nonce="n")) is None
    for bundle in (EXAMPLE, NO_ROSTER, NO_ANSWERS, load("sos"), load("sos-built")):
        play = greeting(Setting(bundle=bundle, nonce="n"))
        assert play is not None
        assert play.sounding


class ListensLate(Whiteboard):
    """Attaches its listeners a while after the connection: longer than a busy machine holds up a first request."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.listening: set[str] = set()

    async def _connect(self, sid: str, environ: dict[str, Any], auth: object = None) -> None:
        await super()._connect(sid, environ, auth)
        asyncio.get_running_loop().call_later(0.12, self.listening.add, sid)

    def _on(self, event: str, action: Any) -> None:
        super()._on(event, action)
        handle = self.sio.handlers["/"][event]

        async def later(sid: str, *args: Any) -> Any:
            return await handle(sid, *args) if sid in self.listening else self.sio.not_handled

        self.sio.on(event, later)


class JoinsLate(Whiteboard):
    """Answers a join, and joins after the next broadcast of the room, or once the roster is asked for."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.joining: dict[str, list[str]] = {}
        emit = self.sio.emit

        async def emit_and_join(event: str, data: Any = None, room: str | None = None, **kept: Any) -> None:
            await emit(event, data, room=room, **kept)
            for sid in self.joining.pop(room or "", []):
                await self.sio.enter_room(sid, room)

        self.sio.emit = emit_and_join

    async def _enter(self, sid: str, room: str, _: dict[str, Any]) -> dict[str, Any]:
        self.joining.setdefault(seats(room), []).append(sid)
        return {"room": room, "entered": True}

    async def _seated(self, room: str) -> list[tuple[str, str]]:
        for sid in self.joining.pop(seats(room), []):
            await self.sio.enter_room(sid, seats(room))
        return await super()._seated(room)


class JoinsSlowly(Whiteboard):
    """Takes its time to join, and answers then."""

    async def _enter(self, sid: str, room: str, _: dict[str, Any]) -> dict[str, Any]:
        await asyncio.wait({asyncio.get_running_loop().create_future()}, timeout=0.05)
        return await super()._enter(sid, room, _)


def accusations(kind: type[Whiteboard], bundle: Bundle) -> set[tuple[str, str]]:
    async def whole() -> Result:
        async with whiteboard(KEY, kind) as url:
            order = CheckRequest(bundle=bundle, target=target(url, auth=Auth(key=KEY)), rules=rules())
            return await check(order, lambda record: None)

    return {(v.rule, v.subject) for v in asyncio.run(whole()).verdicts if v.outcome in ACCUSING}


@pytest.mark.parametrize(
    "bundle",
    [
        pytest.param(EXAMPLE, id="roster"),
        pytest.param(NO_ROSTER, id="no roster", marks=pytest.mark.long),
        pytest.param(NO_ANSWERS, id="no answers", marks=pytest.mark.long),
    ],
)
def test_late_listeners_are_told_once_whatever_the_contract_can_tell(bundle: Bundle) -> None:
    assert accusations(ListensLate, bundle) == {(LISTENS, "right after connecting")}


@pytest.mark.parametrize(
    "bundle",
    [pytest.param(EXAMPLE, id="roster", marks=pytest.mark.long), pytest.param(NO_ROSTER, id="no roster")],
)
def test_late_joins_are_told_once_with_a_roster_and_without(bundle: Bundle) -> None:
    assert accusations(JoinsLate, bundle) == {(JOINS, "room:enter")}


@pytest.mark.parametrize("kind", [pytest.param(Whiteboard, marks=pytest.mark.long), JoinsSlowly])
@pytest.mark.parametrize(
    "bundle",
    [
        pytest.param(EXAMPLE, id="roster", marks=pytest.mark.long),
        pytest.param(NO_ROSTER, id="no roster"),
        pytest.param(NO_ANSWERS, id="no answers", marks=pytest.mark.long),
    ],
)
def test_an_honest_service_is_not_accused_whatever_the_contract_can_tell(
    kind: type[Whiteboard], bundle: Bundle
) -> None:
    assert accusations(kind, bundle) == set()


class AcknowledgesJoins(Service):
    """Answers a join once it has taken place."""

    acknowledges: ClassVar[Mapping[str, dict[str, Any]]] = {
        "sos:room:join": {"const": "joined"},
        "sos:init": {"const": "joined"},
    }

    async def join(self, sid: str, sos: str, payload: dict[str, Any]) -> str:
        await super().join(sid, sos, payload)
        return "joined"


def test_a_service_that_acknowledges_joins_truly_holds() -> None:
    async def whole() -> Result:
        async with hosted(AcknowledgesJoins(Store.open(), KEY)) as url:
            bundle = documented(load("sos"), AcknowledgesJoins.acknowledges)
            return await check(
                CheckRequest(bundle=bundle, target=target(url, auth=Auth(key=KEY)), rules=rules()), lambda record: None
            )

    verdicts = asyncio.run(whole()).verdicts
    assert [(v.rule, v.subject, v.got) for v in verdicts if v.outcome in ACCUSING] == []
    assert {v.subject for v in verdicts if v.rule == JOINS and v.outcome is Outcome.PASS} == set(
        AcknowledgesJoins.acknowledges
    )


@pytest.mark.parametrize(
    ("lie", "rule"),
    [("listens-late", LISTENS), pytest.param("joins-after-its-ack", JOINS, marks=pytest.mark.long)],
)
def test_a_service_that_breaks_a_promise_is_told_that_alone(lie: str, rule: str) -> None:
    assert asyncio.run(accused(lie)).rules == (rule,)
