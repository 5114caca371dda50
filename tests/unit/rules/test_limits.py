"""The rules about limits: what they accuse, and what keeps them silent."""

import dataclasses

import msgspec
import pytest

from conformance.judge.judge import judge
from conformance.model.transcript import Opened
from conformance.plan.alone import ALONE
from conformance.plan.limits import LARGEST, RATES
from contracts.limits import Excess, Limit
from contracts.load import load
from contracts.model import Bundle
from tests.running import ROOT
from tests.unit.scripts import RULES, findings, outcomes, reading_of, transcript_of

MORE = load("example-more")
RATE, SIZE, OPEN = (
    "events-above-the-limit-end-as-documented",
    "payloads-up-to-the-limit-are-taken",
    "connection-stays-open",
)
THREE = "".join(f"{one} opened {one[0]}1 user=u{one[0]} token=own\n{one} in r1\n" for one in ("ann", "bob", "eve"))


def limited(then: Excess, *more: Limit) -> Bundle:
    return dataclasses.replace(MORE, limits=(dataclasses.replace(MORE.limits[0], then=then), *more))


def moves(actor: str, sent: int, heard: int, first: int = 0) -> str:
    values = [f'"room": "r1", "x": {number}' for number in range(first, first + sent)]
    lines = [f"{actor} -> cursor:move {{{value}}}" for value in values]
    told = [f'bob <- cursor:moved {{{value}, "user": "u{actor[0]}"}}' for value in values[:heard]]
    return "\n".join(lines + told) + "\n"


BRIM = THREE + moves("ann", 2, 2)
LATER = "@3 eve missed nothing\n" + moves("eve", 1, 1, 90)
ANN_LATER = "@4 ann missed nothing\n" + moves("ann", 1, 1, 80)
ERROR = 'eve <- problem {"code": "X"}\n'
HUNG_UP = "eve closed service disconnect packet\n"

JUDGED: dict[str, tuple[Excess, str, list[str]]] = {
    "dropped": ("dropped", BRIM + moves("eve", 8, 2) + LATER, ["pass", "pass"]),
    "of two windows": ("dropped", BRIM + moves("eve", 8, 4) + LATER, ["pass", "pass"]),
    "more than of two windows": ("dropped", BRIM + moves("eve", 8, 5) + LATER, ["fail", "pass"]),
    "all taken": ("dropped", BRIM + moves("eve", 8, 8) + LATER, ["fail", "pass"]),
    "all taken, too few to tell": ("dropped", BRIM + moves("eve", 4, 4) + LATER, ["inconclusive"]),
    "nothing came later": ("dropped", BRIM + moves("eve", 8, 2), ["inconclusive"]),
    "an error in place of silence": ("dropped", BRIM + moves("eve", 8, 2) + ERROR + LATER, ["fail", "pass"]),
    "a hang-up in place of silence": ("dropped", BRIM + moves("eve", 8, 2) + HUNG_UP, ["fail", "pass"]),
    "an error": ("error", BRIM + moves("eve", 8, 2) + ERROR + LATER, ["pass", "pass"]),
    "silence in place of an error": ("error", BRIM + moves("eve", 8, 2) + LATER, ["fail", "pass"]),
    "all taken in place of an error": ("error", BRIM + moves("eve", 8, 8) + LATER, ["fail", "pass"]),
    "a hang-up": ("hang-up", BRIM + moves("eve", 8, 2) + HUNG_UP, ["pass", "pass"]),
    "silence in place of a hang-up": ("hang-up", BRIM + moves("eve", 8, 2) + LATER, ["fail", "pass"]),
    "we hung up": ("hang-up", BRIM + moves("eve", 8, 2) + "eve closed us\n", ["inconclusive"]),
    "nobody sent more": ("dropped", BRIM, []),
    "one of the allowed was lost": (
        "dropped", THREE + moves("ann", 2, 1) + moves("eve", 8, 2) + LATER + ANN_LATER, ["pass", "fail"],
    ),
    "one of the allowed is not known": ("dropped", THREE + moves("ann", 2, 1) + moves("eve", 8, 2) + LATER, ["pass", "inconclusive"]),
    "one of the allowed was refused": (
        "dropped", THREE + moves("ann", 2, 1) + ERROR.replace("eve", "ann") + moves("eve", 8, 2) + LATER, ["pass", "fail"],
    ),
    "the allowed ended the connection": (
        "dropped", THREE + moves("ann", 2, 1) + HUNG_UP.replace("eve", "ann") + moves("eve", 8, 2) + LATER, ["pass", "fail"],
    ),
    "what no contract allows": ("dropped", BRIM + moves("eve", 8, 2).replace('"x"', '"y"'), []),
}  # fmt: skip


@pytest.mark.parametrize("what", JUDGED)
def test_what_goes_above_a_limit_is_judged_as_documented(what: str) -> None:
    then, text, expected = JUDGED[what]
    assert outcomes(RATE, text, limited(then)) == expected


def test_what_is_taken_slowly_may_have_come_slowly() -> None:
    late = "\n".join(f"@{5.5 if '<-' in line else 1} {line}" for line in moves("eve", 8, 8).splitlines())
    assert outcomes(RATE, BRIM + late + "\n" + LATER.replace("@3", "@6"), limited("dropped")) == ["inconclusive"]


def test_what_another_limit_stops_is_not_told_of_this_one() -> None:
    wider = Limit(per_s=3, then="hang-up", source="s")
    text = BRIM + moves("eve", 8, 2) + HUNG_UP
    three = 'ann -> pen:take {"room": "r1", "pen": "red"}\n' * 3
    sooner = THREE + three + TOLD + HUNG_UP.replace("eve", "ann") + moves("eve", 3, 2) + HUNG_UP
    assert outcomes(RATE, text, limited("dropped", wider)) == ["fail", "pass"]
    assert outcomes(RATE, sooner, limited("dropped", wider)) == ["inconclusive"]


def take(actor: str, count: int, field: str = "padding") -> str:
    return f'{actor} -> pen:take {{"room": "r1", "pen": "red", "{field}": "{"x" * count}"}}\n'


TOLD = 'bob <- pen:taken {"room": "r1", "pen": "red"}\n'
WHO = '{"room": "r1", "sockets": [], "count": 0}'


def asked(actor: str) -> str:
    return f'@9 {actor} -> who {{"room": "r1"}} #1\n{actor} <= who #1 {WHO}\n'


SIZES = {
    "taken": (take("ann", 70) + TOLD, ["pass"]),
    "not taken": (take("ann", 70) + asked("ann"), ["fail"]),
    "not taken as far as is known": (take("ann", 70), ["inconclusive"]),
    "hung up below": (take("ann", 70) + "ann closed service\n", ["fail"]),
    "refused below, for a field that is not documented": (take("ann", 70) + 'ann <- problem {"code": "X"}\n', ["inconclusive"]),
    "refused below": (take("ann", 70, "pencil") + 'ann <- problem {"code": "X"}\n', ["fail"]),
    "small": (take("ann", 1), []),
    "larger, taken": (take("ann", 170) + TOLD, ["fail"]),
    "larger, hung up": (take("ann", 170) + "ann closed service\n", ["pass"]),
    "larger, refused": (take("ann", 170) + 'ann <- problem {"code": "X"}\n', ["pass"]),
    "larger, ignored": (take("ann", 170) + asked("ann"), ["pass"]),
    "larger, not known": (take("ann", 170), ["inconclusive"]),
}  # fmt: skip


@pytest.mark.parametrize("what", SIZES)
def test_sizes_are_judged_as_documented(what: str) -> None:
    text, expected = SIZES[what]
    assert outcomes(SIZE, THREE + text, MORE) == expected


def test_a_handshake_that_allows_less_is_told() -> None:
    first, *others = transcript_of(THREE + take("ann", 70) + TOLD, MORE).entries
    assert isinstance(first, Opened)
    smaller = msgspec.structs.replace(first, most_bytes=100)
    found = RULES[SIZE].judge(reading_of("", MORE, entries=(smaller, *others)))
    assert [finding.got for finding in found] == ["a handshake which says that a packet has 100 at most"]


@pytest.mark.parametrize("act", [RATES, LARGEST])
def test_only_rules_about_limits_judge_acts_that_go_above_them(act: str) -> None:
    text = BRIM + moves("eve", 8, 2) + "@3 eve closed service\n"
    transcript = transcript_of(text, MORE, act=act)
    verdicts, _ = judge(MORE, [transcript], RULES.values())
    allowed = {rule.id for rule in RULES.values() if ALONE[act] in rule.acts}
    assert {verdict.rule for verdict in verdicts} <= allowed


FAST = "ann opened a1 token=own\n" + 'ann -> who {"room": "r1"}\n' * 11 + "ann closed service\n"


def test_who_sends_fast_may_be_hung_up_on_where_the_contract_states_no_limits() -> None:
    example = dataclasses.replace(MORE, limits=())
    assert outcomes(OPEN, FAST, example) == ["inconclusive"]
    assert [one.subject for one in findings(OPEN, FAST, example)] == ["connection of who sends fast"]


def test_what_had_its_effect_in_the_last_second_was_taken_then_by_a_busy_service() -> None:
    example = dataclasses.replace(MORE, limits=())
    hasty = "ann opened a1 token=own\nbob opened b1 token=own\nann in r1\nbob in r1\n" + moves("ann", 11, 0)
    told = "".join(f'@3.{n:02} bob <- cursor:moved {{"room": "r1", "x": {n}, "user": "ua"}}\n' for n in range(11))
    ended = "@3.5 ann closed service\n"
    assert [one.subject for one in findings(OPEN, hasty + told + ended, example)][:1] == [
        "connection of who sends fast"
    ]
    assert outcomes(OPEN, hasty + ended, example)[0] == "fail"
    assert outcomes(OPEN, hasty + told.replace("@3.", "@2.") + ended, example)[0] == "fail"


def test_who_keeps_below_the_limits_may_not_be_hung_up_on() -> None:
    assert outcomes(OPEN, FAST, MORE) == ["fail"]


GAME = load(str(ROOT / "tests/services/game/contracts"))
TWO_STEPS = dataclasses.replace(GAME, limits=(Limit(per_s=2, then="error", source="s", events=("step",)),))
PLACE = '{"x": 1, "y": 2}'


def steps(actor: str, first: int, taken: int, refused: int) -> str:
    numbers = range(first, first + taken + refused)
    acks = [f"null {PLACE}"] * taken + ['{"code": "TOO_FAST"} null'] * refused
    asked = [f"{actor} -> step {PLACE} #{number}" for number in numbers]
    answered = [f"{actor} <= step #{number} {said}" for number, said in zip(numbers, acks, strict=True)]
    return "\n".join(asked + answered) + "\n"


@pytest.mark.parametrize(("taken", "refused", "expected"), [(2, 6, ["pass", "pass"]), (8, 0, ["fail", "pass"])])
def test_an_ack_that_refuses_is_the_error_of_a_limit(taken: int, refused: int, expected: list[str]) -> None:
    text = (
        THREE + steps("ann", 1, 2, 0) + steps("eve", 10, taken, refused) + "@3 ann missed it\n" + steps("eve", 30, 1, 0)
    )
    assert outcomes(RATE, text, TWO_STEPS) == expected


def test_an_ack_that_refuses_less_than_is_allowed_is_a_fault() -> None:
    text = THREE + steps("ann", 1, 1, 1) + steps("eve", 10, 2, 6) + "@3 ann missed it\n" + steps("eve", 30, 1, 0)
    assert outcomes(RATE, text, TWO_STEPS) == ["pass", "fail"]
