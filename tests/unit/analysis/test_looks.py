"""A look at the rooms of a socket shows a moment between its question and its answer."""

import msgspec
import pytest

from conformance.analysis.reading import read
from conformance.analysis.room_names import looks_at
from conformance.analysis.script import script
from conformance.model.transcript import Observed
from contracts.load import load

EXAMPLE = load("example")
SCRIPT = """
ann opened a1 user=ua
@1.0 ann -> room:enter {"room": "r1"} #1
@1.1 ann <= room:enter #1 {"room": "r1", "entered": true}
@1.2 ann in r1
@2.0 admin saw socket=a1 board:r0
@3.0 ann -> room:exit {"room": "r1"}
"""


@pytest.mark.parametrize(
    ("since_s", "looks"),
    [
        pytest.param(None, 1, id="told unasked"),
        pytest.param(1.5, 1, id="asked for while it was a member"),
        pytest.param(0.9, 0, id="asked for before it was a member"),
    ],
)
def test_a_look_counts_where_the_socket_was_a_member_from_its_question_on(since_s: float | None, looks: int) -> None:
    transcript = script(EXAMPLE, SCRIPT)
    entries = tuple(
        msgspec.structs.replace(entry, since_s=since_s) if isinstance(entry, Observed) else entry
        for entry in transcript.entries
    )
    reading = read(EXAMPLE, msgspec.structs.replace(transcript, entries=entries))
    assert len(list(looks_at(reading, "r1", "ann"))) == looks
