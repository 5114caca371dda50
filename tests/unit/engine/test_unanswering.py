"""A fuzz does not wait in each batch for what never came in the one before, and ends where nothing can be judged."""

import msgspec

from conformance.engine.check import CheckRequest, Course, begin
from conformance.engine.unanswering import MOST_TOGETHER, UNSEEN_S, Unanswering
from conformance.model.transcript import AnyEntry, Called, Opened, Transcript
from conformance.model.verdict import Outcome, Verdict
from conformance.plan.fuzzing import Forbidden
from conformance.stage.clients.http import GIVEN_UP
from conformance.stage.silence import FENCE_S, Silence
from conformance.target.target import Target
from contracts.load import load
from contracts.replies import Invalid

TARGET = Target(urls=("http://127.0.0.1:9",))
OPENED = Opened(at_s=0.1, actor="ann", socket="s", token="none")
CALLED = Called(at_s=0.2, actor="http", call="c", method="POST", path="/", params={}, done_s=0.3)


def batch(*entries: AnyEntry, silence: Silence | None = None, stalls: tuple[tuple[float, float], ...] = ()) -> Course:
    """What was played of a batch."""
    course = begin(CheckRequest(bundle=load("example"), target=TARGET, rules=()), lambda _: None)
    course.silence = silence or Silence()
    transcript = Transcript(
        act="junk", transport="websocket", rooms=(), entries=entries, began_s=0.0, ended_s=FENCE_S + 1, stalls=stalls
    )
    course.transcripts.append(transcript)
    return course


def verdict(outcome: Outcome) -> Verdict:
    return Verdict(rule="r", subject="s", transport="websocket", outcome=outcome, message="m", clause="c", source="")


def test_a_target_of_which_nothing_can_be_judged_gets_nothing_more() -> None:
    seen = Unanswering()
    seen.take(batch(), [verdict(Outcome.INCONCLUSIVE)], UNSEEN_S - 1)
    assert not seen.why
    seen.take(batch(), [], 1.0)
    assert seen.why == "nothing more is sent: of all that was sent in the last 5 s nothing can be judged"


def test_one_conclusion_begins_anew_and_a_stall_of_ours_shows_nothing() -> None:
    seen = Unanswering()
    seen.take(batch(), [], UNSEEN_S - 1)
    seen.take(batch(), [verdict(Outcome.PASS)], 1.0)
    seen.take(batch(), [], UNSEEN_S - 1)
    assert not seen.why
    seen.take(batch(stalls=((0.0, 1.0),)), [], 60.0)
    assert not seen.why


def test_what_never_came_is_not_waited_for_as_long_in_the_next_batch() -> None:
    seen = Unanswering()
    assert seen.target(TARGET) == TARGET
    seen.take(batch(CALLED), [], 0.0)
    assert (seen.target(TARGET).connect_s, seen.target(TARGET).call_s) == (0.3, 1.0)
    seen.take(batch(OPENED), [], 0.0)
    assert seen.target(TARGET) == TARGET


def test_a_service_that_answered_no_request_of_a_batch_is_not_asked_as_patiently_in_the_next() -> None:
    seen = Unanswering()
    seen.take(batch(silence=Silence(asked_s=0.0)), [], 0.0)
    assert seen.silence().lasts(0.0, lambda _: 0.0)
    for answered in (Silence(asked_s=0.0, answered=True), Silence(asked_s=3.0)):
        seen.take(batch(silence=answered), [], 0.0)
        assert not seen.silence().lasts(0.0, lambda _: 0.0)


def values(*names: str) -> list[Forbidden]:
    return [
        Forbidden(name=name, is_call=False, args=(1,), invalid=Invalid(payload=1, keyword="type")) for name in names
    ]


def test_of_a_service_that_answers_nothing_the_batches_that_are_left_are_played_as_one() -> None:
    seen, left = Unanswering(), [values("a", "b"), values("c"), values("d")]
    assert seen.together(left) == left, "nothing is known yet"
    seen.take(batch(silence=Silence(asked_s=0.0)), [], 0.0)
    assert seen.together(left) == [values("a", "b", "c", "d")], "nothing is left out"
    seen.take(batch(CALLED), [], 0.0)
    assert seen.together(left) == [values("a", "b", "c", "d")]
    seen.take(batch(msgspec.structs.replace(CALLED, status=400)), [], 0.0)
    assert seen.together(left) == left
    many = [values(str(number)) for number in range(2 * MOST_TOGETHER + 1)]
    seen.take(batch(CALLED), [], 0.0)
    assert [len(some) for some in seen.together(many)] == [MOST_TOGETHER, MOST_TOGETHER, 1]


def test_of_calls_that_had_no_answer_the_next_batch_tries_one() -> None:
    seen = Unanswering()
    assert seen.silence().uncalled == 0
    seen.take(batch(CALLED), [], 0.0)
    assert seen.silence().uncalled == GIVEN_UP - 1
    assert not seen.silence().lasts(1e9, lambda _: 0.0), "its sockets may answer"
    seen.take(batch(msgspec.structs.replace(CALLED, status=201)), [], 0.0)
    assert seen.silence().uncalled == 0
