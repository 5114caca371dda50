"""Soundings are played until they have shown all that they can, and what they have shown is minded from then on."""

from types import SimpleNamespace
from typing import cast

import pytest

from conformance.analysis.promises import Caution
from conformance.engine.sounded import SHORT_S, Sounded
from conformance.model.act import Act
from conformance.model.transcript import Opened, Transcript
from conformance.plan.promises import SOUNDINGS
from conformance.stage.silence import Silence
from conformance.stage.state import Run

SOUNDING, OTHER = Act(name="greeting", rooms=("r",), steps=(), sounding=True), Act(name="junk", rooms=("r",), steps=())
ANSWERED = Silence(asked_s=0.0, answered=True, heard=True)
SILENT = Silence(asked_s=0.0)


def sounding(
    *, name: str = "greeting", opened: bool = True, stalled_s: float = 0.0, broke: str | None = None
) -> Transcript:
    return Transcript(
        act=name,
        transport="websocket",
        rooms=(),
        entries=(Opened(at_s=0.1, actor="eve", socket="s", token="none"),) if opened else (),
        began_s=0.0,
        ended_s=1.0,
        stalls=((0.0, stalled_s), (0.5, 0.0)),
        broke=broke,
    )


def round_of(part: str, caution: Caution, **parts: Caution) -> Run:
    def one(name: str, own: Caution) -> SimpleNamespace:
        return SimpleNamespace(bundle=SimpleNamespace(part=name), caution=own, parts={})

    made = one(part, caution)
    made.parts = {name: one(name, own) for name, own in parts.items()}
    return cast("Run", made)


def test_the_soundings_are_those_that_are_planned() -> None:
    assert {planner.__name__ for planner in SOUNDINGS} == {"greeting", "acknowledged"}


def test_soundings_that_have_shown_all_are_left_out() -> None:
    seen = Sounded()
    assert seen.left([SOUNDING, OTHER]) == [SOUNDING, OTHER]
    seen.judge([sounding(stalled_s=SHORT_S), sounding(name="junk", opened=False)], ANSWERED)
    assert seen.left([SOUNDING, OTHER]) == [OTHER]


@pytest.mark.parametrize(
    "unclear",
    [sounding(stalled_s=SHORT_S + 0.001), sounding(broke="OSError: no")],
    ids=["stalled", "broke"],
)
def test_soundings_that_were_disturbed_are_played_again(unclear: Transcript) -> None:
    seen = Sounded()
    seen.judge([sounding(name="acknowledged"), unclear], ANSWERED)
    assert seen.left([SOUNDING]) == [SOUNDING]
    seen.judge([sounding()], ANSWERED)
    assert seen.left([SOUNDING]) == []


def test_a_service_that_begins_to_confirm_connections_is_sounded_again() -> None:
    seen = Sounded()
    seen.judge([sounding(opened=False)], SILENT)
    assert seen.left([SOUNDING]) == []
    seen.judge([sounding(name="junk")], SILENT)
    assert seen.left([SOUNDING]) == [SOUNDING]


def test_where_no_sounding_was_played_none_is_over() -> None:
    seen = Sounded()
    seen.judge([sounding(name="junk")], ANSWERED)
    assert seen.left([SOUNDING]) == [SOUNDING]


def test_a_service_that_begins_to_answer_is_sounded_again() -> None:
    seen = Sounded()
    seen.judge([sounding()], SILENT)
    seen.judge([], SILENT)
    assert seen.left([SOUNDING]) == []
    seen.judge([], ANSWERED)
    assert seen.left([SOUNDING]) == [SOUNDING]
    seen.judge([sounding()], ANSWERED)
    seen.judge([], ANSWERED)
    assert seen.left([SOUNDING]) == []


def test_what_was_seen_of_a_part_is_minded_in_its_next_round() -> None:
    seen, slow = Sounded(), Caution(listens_s=0.5)
    with seen.minded(round_of("", Caution(), chat=Caution())) as _:
        pass
    first = round_of("", Caution(), chat=Caution())
    with seen.minded(first):
        first.parts["chat"].caution = slow
    later = round_of("", Caution(joins_s=0.1), chat=Caution())
    with seen.minded(later):
        assert (later.caution, later.parts["chat"].caution) == (Caution(joins_s=0.1), slow)
