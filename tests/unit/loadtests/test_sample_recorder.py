"""The sample of a load: what happened in one room, as a transcript, or nothing where it would not be whole."""

import time
from typing import Any, cast

import pytest

from conformance.model.transcript import Acked, Called, Closed, Got, Marked, Opened, Sent
from contracts.load import load
from loadtests.ledger.ledger import Ledger
from loadtests.worker import sample_recorder
from loadtests.worker.sample_recorder import Sampled, SampleRecorder

CALL = load("sos").by_role("create")


class Client:
    """A virtual client that is sampled."""

    connected = True

    def __init__(self, number: int, *, token: str | None = None, connections: int = 1) -> None:
        self.number, self.user, self.token, self.connections = number, f"u{number}", token, connections
        self.known_as = self.user if token == "signed" else None
        self.under_way: set[int] = set()
        self.sampled = True

    def untaped(self) -> None:
        self.sampled = False


def client(number: int, **how: Any) -> Sampled:
    return cast("Sampled", Client(number, **how))


def recorder(stalls: tuple[tuple[int, int], ...] = ()) -> SampleRecorder:
    return SampleRecorder("r", "Chat", stalls, timeout_s=2)


def test_a_token_that_does_not_say_whose_it_is_tells_no_user() -> None:
    tape = recorder()
    tape.opened(client(1, token="the same for all"), "s1")
    tape.end()
    made = tape.transcript()
    assert made is not None
    (opened,) = made.entries
    assert isinstance(opened, Opened)
    assert (opened.token, opened.user) == ("own", None)


def busy_ledger() -> Ledger:
    """A ledger with a publication that its one member has not received."""
    ledger, now_ns = Ledger(), time.monotonic_ns()
    room = ledger.room("r")
    ledger.enter(room, 1, now_ns)
    ledger.answered(ledger.publish(room, 4, 0, due_ns=now_ns, now_ns=now_ns, floor=-1), "taken", now_ns)
    return ledger


def test_what_happens_is_a_transcript() -> None:
    tape, ann, ben = recorder(), client(1, token="signed"), client(2, connections=3)
    tape.opened(ann, "s1")
    tape.opened(ben, "s2")
    tape.acked(ann, "join", tape.sent(ann, "join", ({"room": "r"},), ack=True), [{"ok": True}])
    assert tape.sent(ben, "leave", ({},)) is None
    tape.acked(ben, "leave", None, [])
    tape.got(ben, "joined", [{"user": "u1"}])
    tape.marked(ann, "r", inside=True, how="roster")
    tape.marked(ben, "r", inside=False, how="ack")
    tape.closed(ben, by_us=False, reason="transport close")
    tape.end()
    made = tape.transcript()
    assert made is not None
    assert (made.act, made.rooms, made.timeout_s) == ("load-Chat", ("r",), 2)
    opened, other, sent, acked, left, got, inside, outside, closed = made.entries
    assert isinstance(opened, Opened)
    assert (opened.actor, opened.socket, opened.token, opened.user) == ("m1", "s1", "own", "u1")
    # Who shows no token is known by no name, and who has come back is somebody else.
    assert isinstance(other, Opened)
    assert (other.actor, other.token, other.user) == ("m2-3", "none", None)
    assert isinstance(sent, Sent)
    assert isinstance(acked, Acked)
    assert (sent.ack, acked.ack, acked.args) == (1, 1, ({"ok": True},))
    assert isinstance(left, Sent)
    assert left.ack is None
    assert isinstance(got, Got)
    assert got.args == ({"user": "u1"},)
    assert [one.mark for one in (inside, outside) if isinstance(one, Marked)] == ["in", "out"]
    assert isinstance(closed, Closed)
    assert (closed.by, closed.reason) == ("service", "transport close")


@pytest.mark.parametrize(("answer", "told"), [(b'{"id":1}', {"id": 1}), (b"<html>", "<html>"), (b"", None)])
def test_a_call_began_when_it_was_sent_and_says_what_was_answered(answer: bytes, told: Any) -> None:
    tape = recorder()
    tape.sent(client(1), "join", ({},))
    tape.called(CALL, "r1", {"content": "x"}, time.monotonic_ns() - 10**9, 201, answer, "own")
    made = tape.transcript()
    assert made is not None
    called, sent = made.entries  # In the order in which things began.
    assert isinstance(called, Called)
    assert (called.path, called.status, called.answer) == ("/api/messages/r1", 201, told)
    assert 0.9 < called.done_s - called.at_s < 5
    assert called.at_s < sent.at_s


def test_it_ends_at_a_quiet_moment_after_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    tape, member, ledger = recorder(), client(1), busy_ledger()
    tape.members.append(member)
    tape.sent(member, "join", {})
    tape.look(Ledger(), calls_under_way=False)
    assert tape.running, "its time is not over"
    monkeypatch.setattr(sample_recorder, "TAPED_S", 0.0)
    tape.look(Ledger(), calls_under_way=True)
    tape.look(ledger, calls_under_way=False)
    assert tape.running, "something is on its way"
    tape.look(Ledger(), calls_under_way=False)
    assert not tape.running
    assert not tape.members
    assert not cast("Client", member).sampled
    tape.sent(member, "leave", {})
    made = tape.transcript()
    assert made is not None
    assert len(made.entries) == 1, "nothing is added to what has ended"


@pytest.mark.parametrize(("ledger", "whole"), [(Ledger(), True), (busy_ledger(), False)])
def test_what_is_cut_short_is_dropped_where_something_is_on_its_way(ledger: Ledger, whole: bool) -> None:
    tape = recorder()
    tape.sent(client(1), "join", ({},))
    tape.cut("another", ledger)
    assert tape.running
    tape.cut("r", ledger)
    assert not tape.running
    assert (tape.transcript() is not None) is whole


def test_what_is_too_much_is_no_sample(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sample_recorder, "MOST_ENTRIES", 1)
    tape = recorder()
    assert tape.transcript() is None
    tape.sent(client(1), "join", ({},))
    assert tape.transcript() is not None
    tape.sent(client(1), "leave", {})
    assert tape.transcript() is None


@pytest.mark.parametrize("way", ["event", "ack", "call"])
def test_what_is_too_large_is_forgotten_at_once(monkeypatch: pytest.MonkeyPatch, way: str) -> None:
    monkeypatch.setattr(sample_recorder, "MOST_BYTES", 1000)
    tape, member, text = recorder(), client(1), "x" * 600
    tape.members.append(member)

    def receives() -> None:
        if way == "event":
            tape.got(member, "told", [text], 600)
        elif way == "ack":
            tape.acked(member, "join", 1, [text])
        else:
            tape.called(CALL, "r", None, 0, 200, b'"' + text.encode() + b'"', "none")

    receives()
    assert tape.running
    assert tape.transcript() is not None
    receives()
    assert not tape.running
    assert tape.transcript() is None
    assert tape._entries == []
    assert not cast("Client", member).sampled, "its frames are known again"


def test_an_answer_that_only_python_writes_has_a_size() -> None:
    tape = recorder()
    tape.acked(client(1), "join", 1, [10**5000])
    assert 0 < tape._bytes < sample_recorder.MOST_BYTES


def test_stalls_of_its_time_are_told_and_earlier_ones_are_not() -> None:
    now_ns = time.monotonic_ns()
    stalls = ((now_ns - 9 * 10**9, 10**9), (now_ns + 10**9, 2 * 10**9))
    tape = recorder(stalls)
    tape.sent(client(1), "join", ({},))
    tape.end()
    made = tape.transcript()
    assert made is not None
    ((began_s, lasted_s),) = made.stalls
    assert 0.5 < began_s <= 1
    assert lasted_s == 2


def test_every_setting_of_the_wall_clock_while_it_is_sampled_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    ahead_s, own = [0.0], time.time
    monkeypatch.setattr("time.time", lambda: own() + ahead_s[0])
    tape = recorder()
    for ahead_s[0] in (3600.0, -7200.0, 0.0):
        tape.opened(client(1), "s1")
    made = tape.transcript()
    assert made is not None
    assert [round(epoch_s - made.epoch_s) for epoch_s in made.reset_epochs_s] == [3600, -7200]
