"""When a service counts as one that answers nothing, and when a broadcast as one that nothing has caused."""

import pytest

from conformance.model.transcript import Acked, AnyEntry, Got, Probed, Sent
from conformance.stage.calls import Calls
from conformance.stage.silence import FENCE_S, Silence, noting
from contracts.cause import Causes
from contracts.load import load

BUNDLE = load("sos-built")
REPLY = next(one.reply.event for one in BUNDLE.requests() if one.reply and one.reply.event)
LATE_S = 1.0 + FENCE_S

Entries = tuple[AnyEntry, ...]
GOT_REPLY = Got(at_s=4.0, actor="ann", event=REPLY, args=({},))
GOT_ERROR = Got(at_s=4.0, actor="ann", event=str(BUNDLE.errors), args=({},))
GOT_OTHER = Got(at_s=4.0, actor="ann", event="message:broadcast", args=({},))
ACKED = Acked(at_s=4.0, actor="ann", event="x", ack=1, args=())
PROBED = Probed(at_s=4.0, actor="ann", asked_s=3.0)
SENT = Sent(at_s=1.0, actor="ann", event="x", args=(), ack=None)


def silence_of(*entries: AnyEntry) -> Silence:
    found = Silence()
    found.ask(1.0)
    note = noting(found, BUNDLE)
    for entry in entries:
        note(entry)
    return found


def not_stalled(since_s: float) -> float:
    return 0.0


@pytest.mark.parametrize("entries", [(), (SENT,), (GOT_OTHER,), (PROBED,)])
def test_a_service_that_answers_nothing_is_known_after_as_long_as_a_fence(entries: Entries) -> None:
    assert silence_of(*entries).lasts(LATE_S, not_stalled)
    assert not silence_of(*entries).lasts(LATE_S - 0.1, not_stalled)


@pytest.mark.parametrize("entry", [ACKED, GOT_REPLY, GOT_ERROR])
def test_one_answer_ends_the_silence_for_good(entry: AnyEntry) -> None:
    found = silence_of(entry)
    found.ask(100.0)
    assert not found.lasts(200.0, not_stalled)


def test_a_stall_of_ours_is_no_silence_of_the_service() -> None:
    assert not silence_of().lasts(LATE_S, lambda since_s: 0.5)
    assert silence_of().lasts(LATE_S + 0.5, lambda since_s: 0.5)


def test_who_was_asked_nothing_is_not_silent() -> None:
    assert not Silence().lasts(1000.0, not_stalled)


@pytest.mark.parametrize(("entries", "heard"), [((), False), ((SENT,), False), ((GOT_OTHER,), True), ((PROBED,), True)])
def test_what_the_service_sends_is_heard_even_where_it_answers_nothing(entries: Entries, heard: bool) -> None:
    assert silence_of(*entries).heard is heard


def test_a_contract_without_an_error_event_takes_no_probe_for_an_answer() -> None:
    found = Silence()
    noting(found, load("tests/hostile/contracts"))(PROBED)
    assert not found.answered


BY_CALL = Causes(calls=("post",))


def made(*taken: bool) -> Calls:
    calls = Calls()
    for one in taken:
        with calls.making("post") as outcome:
            outcome.taken = one
    return calls


def test_a_broadcast_is_uncaused_where_no_call_was_taken() -> None:
    assert made(False).all_failed(BY_CALL)
    assert made(False, False).none_taken


@pytest.mark.parametrize("calls", [made(), made(True), made(False, True), made(True, False)])
def test_it_is_waited_for_where_one_was_or_none_was_made(calls: Calls) -> None:
    assert not calls.all_failed(BY_CALL)
    assert not calls.none_taken


@pytest.mark.parametrize(
    "more",
    [
        {"events": ("say",)},
        {"follows": ("other",)},
        {"connection": True},
        {"disconnect": True},
        {"every_s": 1.0},
        {"bad_request": True},
        {"other": "an operator"},
    ],
)
def test_it_is_waited_for_where_something_else_may_cause_it(more: dict[str, object]) -> None:
    assert not made(False).all_failed(Causes(calls=("post",), **more))  # type: ignore[arg-type]


def test_it_is_waited_for_while_a_call_is_under_way() -> None:
    calls = made(False)
    with calls.making("post"):
        assert not calls.all_failed(BY_CALL)
        assert not calls.none_taken


def test_a_call_that_could_not_be_made_was_not_taken() -> None:
    calls = Calls()
    with pytest.raises(OSError, match="no"), calls.making("post"):
        raise OSError("no")
    assert calls.all_failed(BY_CALL)


def answered(*unread: bool) -> Calls:
    calls = Calls()
    for one in unread:
        with calls.making("post") as outcome:
            outcome.taken, outcome.unread = True, one
    return calls


def test_calls_with_answers_that_nobody_can_read_make_their_broadcast_doubtful() -> None:
    calls = answered(True, True)
    assert calls.all_doubtful(BY_CALL)
    assert calls.none_taken
    assert not calls.all_failed(BY_CALL)  # They may have had their effect: it stays owed.


def test_one_answer_that_can_be_read_ends_the_doubt() -> None:
    calls = answered(True, False)
    assert not calls.all_doubtful(BY_CALL)
    assert not calls.none_taken


def test_nothing_is_in_doubt_that_something_else_may_cause() -> None:
    assert not answered(True).all_doubtful(Causes(calls=("post",), events=("say",)))
