"""A delivery is paired with the cause that explains it, also where several causes have equal values."""

import pytest

from conformance.analysis.reading import read
from conformance.analysis.script import script
from conformance.judge.judge import judge
from conformance.judge.rule import rules
from conformance.model.transcript import ARRIVAL_S
from conformance.model.verdict import Outcome
from contracts.load import load

BUILT, GUIDE = load("sos-built"), load("sos")
ROOM = '{"sosId": "r1"}'
JOINED = '{"userId": "ua", "sosId": "r1", "socketId": "a1", "timestamp": 1795861000000}'

RETURNS = f"""
@0.1 ann opened a1 user=ua token=own
@0.2 bob opened b1 user=ub token=own
@1.0 ann -> sos:room:join {ROOM}
@1.1 ann in r1
@2.0 bob -> sos:room:join {ROOM}
@2.1 ann <- sos:room:joined {JOINED.replace("ua", "ub").replace("a1", "b1")}
@2.2 bob in r1
@3.0 ann -> sos:room:leave {ROOM}
@3.1 bob <- sos:room:left {JOINED}
@3.2 ann out r1
@4.0 ann -> sos:room:join {ROOM}
"""
TOLD = f"@4.1 bob <- sos:room:joined {JOINED}\n@4.2 ann in r1\n@9.0 bob <- sos:room:left {JOINED}\n"
"""The last line lets the act go on beyond every deadline."""


DELIVERY = {"broadcast-arrives", "delivered-within-deadline", "everyone-in-the-room-receives", "request-has-its-effect"}


def told(text: str) -> dict[float, list[float]]:
    """When bob heard of each join of ann."""
    reading = read(BUILT, script(BUILT, text))
    joins = [one for one in reading.provocations if one.event == "sos:room:joined" and one.sender == "ann"]
    return {one.at_s: [reading.entries[index].at_s for index in reading.delivered(one, "bob")] for one in joins}


def test_the_second_join_of_a_user_is_not_paired_with_the_first() -> None:
    assert told(RETURNS + TOLD) == {1.0: [], 4.0: [4.1]}
    verdicts, _ = judge(BUILT, [script(BUILT, RETURNS + TOLD)], rules())
    assert not [one for one in verdicts if one.outcome is Outcome.FAIL and one.rule in DELIVERY]


def test_a_second_join_that_is_not_told_is_still_missed() -> None:
    assert told(RETURNS + TOLD.replace(f"@4.1 bob <- sos:room:joined {JOINED}\n", "")) == {1.0: [], 4.0: []}


def test_of_joins_soon_after_each_other_each_has_its_own() -> None:
    again = f"@4.0 ann -> sos:room:join {ROOM}\n@4.1 ann -> sos:room:join {ROOM}\n"
    both = f"@4.2 bob <- sos:room:joined {JOINED}\n@4.3 bob <- sos:room:joined {JOINED}\n"
    text = RETURNS.replace(f"@4.0 ann -> sos:room:join {ROOM}\n", again) + both + TOLD.split("\n", 1)[1]
    assert told(text) == {1.0: [], 4.0: [4.2], 4.1: [4.3]}


PLACE = '"latitude": 27.7, "longitude": {}, "accuracy": 4.5'
HERE = """
@0.1 ann opened a1 user=ua token=own
@0.2 bob opened b1 user=ub token=own
@0.3 ann in r1
@0.4 bob in r1
"""


def moving(*at_s: float, heard: tuple[float, ...]) -> str:
    """Locations of ann at these times, of which bob hears those that were sent at some, 0.1 s later."""
    lines = [(0, HERE)]
    for number, sent_s in enumerate(at_s):
        place = PLACE.format(number + 1)
        lines.append((sent_s, f'@{sent_s} ann -> location:update {{"sosId": "r1", {place}}}\n'))
        got = f'{{"sosId": "r1", "userId": "ua", {place}, "timestamp": 1795861000000}}'
        for actor in ("ann", "bob") if sent_s in heard else ():
            lines.append((sent_s + 0.1, f"@{sent_s + 0.1:.2f} {actor} <- location:broadcast {got}\n"))
    return "".join(line for _, line in sorted(lines)) + '@30 ann -> message:typing:stop {"sosId": "r1"}\n'


@pytest.mark.parametrize(
    ("at_s", "heard", "owed"),
    [
        ((1.0, 1.5), (1.0,), 1),  # It came too soon, and may be dropped.
        ((1.0, 2.05), (1.0,), 1),  # It may have come 0.95 s after the first.
        ((1.0, 2.2), (1.0,), 2),
        ((1.0, 1.5), (1.0, 1.5), 2),  # It was taken all the same.
        ((1.0, 2.0 + ARRIVAL_S), (), 2),  # Who drops everything is told.
        ((1.0, 1.5, 2.5), (1.0,), 1),
    ],
)
def test_what_came_too_soon_for_its_contract_is_owed_only_if_it_was_taken(
    at_s: tuple[float, ...], heard: tuple[float, ...], owed: int
) -> None:
    reading = read(GUIDE, script(GUIDE, moving(*at_s, heard=heard)))
    assert len([one for one in reading.provocations if one.event == "location:broadcast"]) == owed
