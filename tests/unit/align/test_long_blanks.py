"""Lines of blanks and of words are read in a time that grows with their length."""

import time

from conformance.align.diagrams import SEQUENCE

MOST_S = 2.0
"""CPU; it takes milliseconds, and took minutes."""


def test_a_line_of_blanks_in_a_diagram_is_read_soon() -> None:
    began_s = time.process_time()
    for line in (" " * 4_000, "a" + " " * 4_000, "a -> " + " " * 4_000, "a -> b" + " " * 4_000, "a " * 2_000):
        assert SEQUENCE.match(line) is None
    assert time.process_time() - began_s < MOST_S


def test_participants_of_several_words_are_found() -> None:
    found = SEQUENCE.match("  Mobile App ->>+ Realtime  Server : message:send")
    assert found is not None
    assert (found["left"], found["right"], found["said"]) == ("Mobile App", "Realtime  Server", "message:send")
