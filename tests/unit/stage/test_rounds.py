"""How a round that came to an early end is told."""

import asyncio

import pytest

from conformance.model.transcript import UNCONNECTED, Transcript
from conformance.stage.clients.recorder import Clock
from conformance.stage.rounds import End, refused
from tests.unit.scripts import transcript_of


def end(*gone: tuple[str, float], why: str = "") -> End:
    return End(lost=asyncio.Event(), gone=list(gone), why=why)


def played(text: str, ended_s: float) -> Transcript:
    return transcript_of(text, ended_s=ended_s)


DONE = played("@1 ann opened a1\n", 2.0)
CUT = played("@1 ann opened a1\n@3 ann closed service\n", 9.0)

ENDS = {
    "a connection that ended": ([DONE, CUT], 1, "the service stopped answering 3.0 s into the check"),
    "a connection that we ended": ([DONE, played("@3 ann closed us\n", 9.0)], 0, "the service stopped answering 0.0 s"),
    "a call without an answer": (
        [DONE, played('@3 http list-notes {"room": "r1"} => null\n', 9.0)], 1, "the service stopped answering 3.0 s",
    ),
    "a call with an answer": (
        [DONE, played('@3 http list-notes {"room": "r1"} => 500\n', 9.0)], 0, "the service stopped answering 0.0 s",
    ),
    "the first of several": ([DONE, CUT, played("@2.5 ann closed client\n", 9.0)], 1, "the service stopped answering 2.5 s"),
    "an act that ended as it went away": ([played("", 3.0), CUT], 0, "the service stopped answering 3.0 s"),
}  # fmt: skip


@pytest.mark.parametrize("what", ENDS)
def test_only_acts_that_were_over_before_the_service_went_away_are_judged(what: str) -> None:
    transcripts, count, message = ENDS[what]
    whole, told = end().before(transcripts)
    assert len(whole) == count
    assert told.startswith(message)
    assert told.endswith(f"{count} of {len(transcripts)} acts were completed, and only those are judged")


def test_what_went_away_first_is_named_with_the_reason() -> None:
    whole, told = end(("Redis", 2.5), ("the Admin UI", 1.0), why="connection refused").before([DONE, CUT])
    assert whole == [DONE]
    assert told.startswith("Redis stopped answering 2.5 s into the check (connection refused): 1 of 2 acts")


def test_what_answers_no_more_ends_all_waits() -> None:
    made = end()
    made.of("Redis", 1.5)
    assert (made.gone, made.lost.is_set()) == ([("Redis", 1.5)], True)


def test_a_transport_that_was_refused_is_a_round_in_which_nothing_was_played() -> None:
    transcript = refused("polling", "404", Clock())
    assert (transcript.transport, transcript.act, transcript.rooms) == ("polling", "reach", ())
    assert [getattr(entry, "what", "") for entry in transcript.entries] == [f"{UNCONNECTED}404"]
    assert transcript.began_s == transcript.ended_s
