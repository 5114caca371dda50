"""What became of what was emitted early, and of what followed the answer to a join."""

import dataclasses

import pytest

from conformance.analysis.promises import Caution, caution_of, joined, starts
from tests.unit.scripts import EXAMPLE, PAIR, reading_of, without_requests

LIST = '{"room": "r1", "sockets": [], "count": 0}'
RED = '{"room": "r1", "pen": "red"}'
EVE = "@1 eve opened e1 user=ue\n"
EARLY = '@1.1 eve ->! who {"room": "r1"} #1\n'
AGAIN = f'@2 eve -> who {{"room": "r1"}} #2\n@2.5 eve <= who #2 {LIST}\n'

STARTS = {
    "heard, and again": (EVE + EARLY + f"@1.5 eve <= who #1 {LIST}\n" + AGAIN, [((5,), (), None)]),
    "asked again without effect, and another works": (
        EVE + EARLY + '@2 eve -> who {"room": "r1"} #2\n' + f"@3 eve -> pen:take {RED}\n@3.5 bob <- pen:taken {RED}\n", [((), (), None)],
    ),
    "heard": (EVE + EARLY + f"@1.5 eve <= who #1 {LIST}\n", [((5,), (), None)]),
    "lost": (EVE + EARLY + AGAIN, [((), (5,), (6, 7))]),
    "lost, as far as is known": (EVE + EARLY, [((), (), None)]),
    "not emitted early": (EVE + EARLY.replace("->!", "->") + AGAIN, []),
    "emitted early by another": (EVE + EARLY.replace("eve", "ann") + AGAIN, [((), (), None)]),
    "not valid": (EVE + '@1.1 eve ->! who {} #1\n' + AGAIN, []),
    "the connection ended": (EVE + EARLY + AGAIN + "@3 eve closed service\n", []),
    "we ended the connection": (EVE + EARLY + AGAIN + "@3 eve closed us\n", [((), (5,), (6, 7))]),
    "the connection of another ended": (EVE + EARLY + AGAIN + "@3 ann closed service\n", [((), (5,), (6, 7))]),
    "another request worked later": (
        EVE + EARLY + f"@2 eve -> pen:take {RED}\n@2.5 bob <- pen:taken {RED}\n", [((), (), None)],
    ),
    "it worked for another": (EVE + EARLY + AGAIN.replace("eve", "ann"), [((), (), None)]),
    "it did not work later": (EVE + EARLY + '@2 eve -> who {"room": "r1"} #2\n', [((), (), None)]),
    "it worked at the same time": (EVE + EARLY + AGAIN.replace("@2 eve", "@1.1 eve"), [((), (), None)]),
    "one of two worked": (
        EVE + EARLY + f"@1.2 eve ->! pen:take {RED}\n@1.3 bob <- pen:taken {RED}\n" + AGAIN, [((6,), (5,), (6, 7))],
    ),
    "one before it worked": (
        EVE + f"@1.05 eve ->! pen:take {RED}\n@1.06 bob <- pen:taken {RED}\n" + EARLY + AGAIN, [((5,), (7,), (8, 9))],
    ),
    "an error": (EVE + EARLY + '@1.2 eve <- problem {"code": "X"}\n', [((5,), (), None)]),
    "an error at another": (EVE + EARLY + '@1.2 ann <- problem {"code": "X"}\n', [((), (), None)]),
    "emitted before it was opened": (EARLY + "@1.2 eve opened e1\n" + AGAIN, []),
    "emitted as it was opened": (EVE + EARLY.replace("1.1", "1.0") + AGAIN, [((), (5,), (6, 7))]),
}  # fmt: skip


@pytest.mark.parametrize("what", STARTS)
def test_what_was_emitted_early_was_heard_or_lost(what: str) -> None:
    text, expected = STARTS[what]
    found = [start for start in starts(reading_of(PAIR + text)) if start.actor in ("eve", "ann")]
    assert [(one.heard, one.lost, one.works) for one in found] == expected


def test_an_error_is_no_effect_where_the_contract_has_none() -> None:
    text = PAIR + EVE + EARLY + '@1.2 eve <- None {"code": "X"}\n'
    bundle = dataclasses.replace(EXAMPLE, errors=None)
    assert [one.heard for one in starts(reading_of(text, bundle))] == [()]


def test_a_request_without_an_answer_is_heard_by_its_broadcast() -> None:
    early = EVE + f"@1.1 eve ->! pen:take {RED}\n"
    assert [one.heard for one in starts(reading_of(PAIR + early + f"bob <- pen:taken {RED}\n"))] == [(5,)]
    other = f"@1.2 ann -> pen:take {RED.replace('red', 'blue')}\n@1.3 bob <- pen:taken {RED.replace('red', 'blue')}\n"
    assert [one.heard for one in starts(reading_of(PAIR + early + other))] == [()]


ASKED = EVE + '@1.1 eve -> room:enter {"room": "r1"} #1\n'
ENTERED = '@2 eve <= room:enter #1 {"room": "r1", "entered": true}\n'


def note(at_s: float, text: str, *actors: str, room: str = "r1") -> str:
    added = f'@{at_s} http add-note {{"room": "{room}"}} {{"text": "{text}"}} => 201 {{}}\n'
    heard = f'note:added {{"id": "n", "room": "{room}", "text": "{text}", "at": 1}}\n'
    return added + "".join(f"@{at_s + 0.1:.1f} {actor} <- {heard}" for actor in actors)


JOINED = {
    "missed and heard at one moment": (ASKED + ENTERED + note(3, "a", "bob") + note(3, "b", "bob", "eve"), [(1, 0, 0)]),
    "out of it at that moment": (
        EVE + "@1.01 eve in r1\n@1.1 eve out r1\n" + ASKED.split("\n", 1)[1] + ENTERED + note(3, "a", "bob", "eve"), [(0, 0, 0)],
    ),
    "another left meanwhile": (
        ASKED + ENTERED + '@2.5 ann -> room:exit {"room": "r1"}\n' + note(3, "a", "bob") + note(4, "b", "bob", "eve"), [(1, 1, 0)],
    ),
    "heard": (ASKED + ENTERED + note(3, "a", "bob", "eve"), [(1, 0, 0)]),
    "missed": (ASKED + ENTERED + note(3, "a", "bob") + note(4, "b", "bob", "eve"), [(1, 1, 0)]),
    "heard as it was answered": (ASKED + ENTERED + note(2, "a", "bob", "eve"), [(1, 0, 0)]),
    "missed as it was answered": (ASKED + ENTERED + note(2, "a", "bob") + note(4, "b", "bob", "eve"), [(1, 1, 0)]),
    "missed before it was answered": (
        ASKED + note(1.5, "a", "bob") + ENTERED + note(4, "b", "bob", "eve"), [(1, 0, 0)],
    ),
    "missed last": (ASKED + ENTERED + note(3, "a", "bob", "eve") + note(4, "b", "bob"), [(1, 0, 0)]),
    "nothing was heard": (ASKED + ENTERED + note(3, "a", "bob"), [(0, 0, 0)]),
    "missed by all": (ASKED + ENTERED + note(3, "a") + note(4, "b", "bob", "eve"), [(1, 0, 0)]),
    "missed, which may come yet": (
        ASKED + ENTERED + note(3, "a") + note(3.2, "b", "eve") + note(3.5, "c")
        + '@5 bob <- note:added {"id": "n", "room": "r1", "text": "a", "at": 1}\n', [(1, 0, 1)],
    ),
    "another room": (ASKED + ENTERED + note(3, "a", "bob", room="r2") + note(4, "b", "bob", "eve"), [(1, 0, 0)]),
    "confirmed by a roster": (
        ASKED + ENTERED + "@2.5 eve in r1\n" + note(3, "a", "bob") + note(4, "b", "bob", "eve"), [(0, 0, 0)],
    ),
    "confirmed as it was caused": (
        ASKED + ENTERED + "@3 eve in r1\n" + note(3, "a", "bob", "eve"), [(0, 0, 0)],
    ),
    "another confirmed by a roster": (
        ASKED + ENTERED + "@2.5 bob in r1\n" + note(3, "a", "bob") + note(4, "b", "bob", "eve"), [(1, 1, 0)],
    ),
    "another room confirmed": (
        ASKED + ENTERED + "@2.5 eve in r2\n" + note(3, "a", "bob") + note(4, "b", "bob", "eve"), [(1, 1, 0)],
    ),
    "out of it before": (
        EVE + "@1.01 eve in r1\n@1.05 eve out r1\n" + ASKED.split("\n", 1)[1] + ENTERED + note(3, "a", "bob") + note(4, "b", "bob", "eve"),
        [(1, 1, 0)],
    ),
    "in it before": (EVE + "@1.05 eve in r1\n" + ASKED.split("\n", 1)[1] + ENTERED + note(3, "a", "bob", "eve"), []),
    "another in it before": (ASKED.replace("@1.1", "@1.05 ann in r1\n@1.1") + ENTERED + note(3, "a", "bob", "eve"), [(1, 0, 0)]),
    "in another before": (ASKED.replace("@1.1", "@1.05 eve in r2\n@1.1") + ENTERED + note(3, "a", "bob", "eve"), [(1, 0, 0)]),
    "left meanwhile": (
        ASKED + ENTERED + '@2.5 eve -> room:exit {"room": "r1"}\n' + note(3, "a", "bob") + note(4, "b", "bob", "eve"),
        [(0, 0, 0)],
    ),
    "no answer": (ASKED + note(3, "a", "bob", "eve"), []),
    "an answer that is no promise": (ASKED + ENTERED.replace("true", "false") + note(3, "a", "bob", "eve"), []),
    "another request": (EVE + f'@1.1 eve -> who {{"room": "r1"}} #1\n@2 eve <= who #1 {LIST}\n' + note(3, "a", "bob", "eve"), []),
}  # fmt: skip


@pytest.mark.parametrize("what", JOINED)
def test_what_follows_the_answer_to_a_join_was_heard_or_missed(what: str) -> None:
    text, expected = JOINED[what]
    assert [(len(j.heard), len(j.missed), len(j.unproven)) for j in joined(reading_of(PAIR + text))] == expected


def test_a_sender_who_is_left_out_is_owed_nothing() -> None:
    own = (
        '@3 eve -> cursor:move {"room": "r1", "x": 1}\n@3.1 bob <- cursor:moved {"room": "r1", "x": 1, "user": "ue"}\n'
    )
    takes = f"@3 eve -> pen:take {RED}\n@3.1 bob <- pen:taken {RED}\n"
    later = note(4, "b", "bob", "eve")
    for text, missed in ((own, 0), (own.replace("eve ->", "ann ->").replace('"ue"', '"ua"'), 1), (takes, 1)):
        (join,) = joined(reading_of(PAIR + ASKED + ENTERED + text + later))
        assert len(join.missed) == missed


def test_the_first_that_was_heard_after_those_that_were_missed_tells_from_when_it_was_a_member() -> None:
    text = PAIR + ASKED + ENTERED + note(2.5, "z", "bob", "eve") + note(3, "a", "bob") + note(4, "b", "bob", "eve")
    (join,) = joined(reading_of(text + note(5, "c", "bob", "eve")))
    assert (join.first_after_s, join.answered_s) == (4.0, 2.0)


def test_a_check_takes_care_of_what_it_has_seen() -> None:
    missed = PAIR + ASKED + ENTERED + note(3, "a", "bob") + note(4, "b", "bob", "eve")
    assert caution_of(reading_of(missed)) == Caution()
    assert caution_of(reading_of(missed, without_requests("who"))).joins_s == pytest.approx(2.9)
    heard = PAIR + ASKED + ENTERED + note(3, "a", "bob", "eve")
    assert caution_of(reading_of(heard, without_requests("who"))) == Caution()
    assert caution_of(reading_of(PAIR + EVE + EARLY + AGAIN)) == Caution(listens_s=1.0)
    assert caution_of(reading_of(PAIR + EVE + EARLY)) == Caution()
    assert Caution(listens_s=1, joins_s=3) | Caution(listens_s=2, joins_s=1) == Caution(listens_s=2, joins_s=3)
    assert (bool(Caution()), bool(Caution(joins_s=1))) == (False, True)
