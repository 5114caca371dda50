"""What sockets of a load receive: each frame is recognised once, held against its contract, and known from then on."""

import time
from collections import Counter
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import pytest

from contracts.load import load
from loadtests.dialects.dialect import Dialect
from loadtests.dialects.mark import Mark
from loadtests.ledger.ledger import Ledger
from loadtests.ledger.publication import Publication, Room
from loadtests.worker.actor import Actor
from loadtests.worker.incoming import KNOWN_NS, Incoming
from loadtests.worker.samples import Samples
from loadtests.worker.wire import codec

BUNDLE = load("sos")
WORDS = Dialect.of(BUNDLE)
TYPING, LOCATION = WORDS.named_way("message:typing:start"), WORDS.named_way("location:update")
TYPED, LOCATED, STATUS = "message:typing:start", "location:broadcast", "sos:status:broadcast"
STREAM = WORDS.stream(1, TYPING, "r")

CREATE = BUNDLE.calls["create-message"]


class Worker:
    """Two members of the room `r`, and a socket that is in no room."""

    def __init__(self, words: Dialect = WORDS, *, shared: bool = False) -> None:
        self.ledger = Ledger()
        self.room = self.ledger.room("r")
        self.room.shared = shared
        self.hearing = Incoming(words, self.ledger, Samples())
        self.noticed: list[str] = []
        for socket in (1, 2):
            self.ledger.enter(self.room, socket, 0)

    def publish(self, stream: int = STREAM, number: int = 0) -> Publication:
        now_ns = time.monotonic_ns()
        one = self.ledger.publish(self.room, stream, number, due_ns=now_ns, now_ns=now_ns, floor=number - 1)
        self.ledger.answered(one, "taken", now_ns)
        return one

    def receive(self, socket: int, name: str, *arguments: Any, recovers: bool = False) -> bytes:
        frame = b"42" + codec.encode_json([name, *arguments])
        rooms = {"r": self.room} if socket < 3 else {}
        member = SimpleNamespace(
            number=socket, scenario="Chat", rooms=rooms, tape=None, recovers=recovers,
            notice=lambda event, payload, frame: self.noticed.append(event),
        )  # fmt: skip
        known = self.hearing.known.get(frame)
        if known is not None:
            known.take(cast("Actor", member), frame, time.monotonic_ns())
        else:
            self.hearing.hear(cast("Actor", member), frame, codec.decode(frame), "")
        return frame

    def counted(self) -> dict[str, int]:
        self.ledger.settle(time.monotonic_ns())
        return dict(sum((Counter({name: count}) for (name, *_), count in self.ledger.counts.items()), Counter()))

    def why(self, defect: str) -> str:
        return self.ledger.witnesses[defect].why


def typing(number: int = 0, room: str = "r", **other: Any) -> dict[str, Any]:
    """A typing notice as the service has to relay it."""
    (example, *_) = BUNDLE.broadcast(TYPED).examples.valid
    return {**example, **TYPING.payload(room, Mark(room, STREAM, number)), **other}


def test_a_frame_is_recognised_once_and_delivered_to_each() -> None:
    worker = Worker()
    one = worker.publish()
    frame = worker.receive(1, TYPED, typing())
    worker.receive(2, TYPED, typing())
    assert worker.hearing.known == {frame: one}
    assert worker.noticed == [TYPED]
    assert worker.counted() == {"published": 1, "ok": 2}


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        ((typing(displayName=5),), "payload breaks its contract"),
        ((typing(), 2), "expected one payload, got 2"),
        ((typing(), "an offset"), "expected one payload, got 2"),
        ((), "expected one payload, got 0"),
    ],
)
def test_a_frame_that_breaks_its_contract_is_a_defect_for_each_that_receives_it(arguments: Any, why: str) -> None:
    worker = Worker()
    for socket in (1, 2):
        worker.receive(socket, TYPED, *arguments)
    assert worker.counted() == {"contract_failed": 2}
    assert worker.why("contract_failed") == why


def test_a_delivery_that_names_another_room_is_a_defect_though_its_contract_echoes_no_room() -> None:
    event = BUNDLE.events[TYPED]
    assert event.broadcast is not None
    quiet = replace(event.broadcast, echoes=tuple(name for name in event.broadcast.echoes if name != "sosId"))
    words = Dialect.of(replace(BUNDLE, events={**BUNDLE.events, TYPED: replace(event, broadcast=quiet)}))
    for told, counted in (("r", {}), ("s", {"contract_failed": 2})):
        worker = Worker(words)
        worker.publish()
        for socket in (1, 2):
            worker.receive(socket, TYPED, typing() | {"sosId": told})
        assert worker.counted() == {"published": 1, "ok": 2} | counted
    assert worker.why("contract_failed") == "its sosId is another room than it was published to"


def test_the_offset_of_a_service_that_recovers_is_no_argument() -> None:
    worker = Worker()
    worker.publish()
    for socket in (1, 2):
        worker.receive(socket, TYPED, typing(), f"offset {socket}", recovers=True)
    assert worker.counted() == {"published": 1, "ok": 2}


def test_a_retired_event_is_a_defect_and_an_undocumented_one_only_counted() -> None:
    worker = Worker()
    worker.receive(1, min(WORDS.retired), {})
    worker.receive(1, "message:seen", {})
    assert worker.counted() == {"contract_failed": 1, "undocumented": 1}
    assert worker.why("contract_failed") == "a retired event"


def test_what_is_of_another_room_is_a_leak_to_who_never_was_there() -> None:
    worker = Worker()
    worker.publish()
    worker.receive(3, TYPED, typing())
    assert worker.counted() == {"published": 1, "leaked": 1}
    status = {**BUNDLE.broadcast(STATUS).examples.valid[0], WORDS.key: "r"}
    worker.receive(1, STATUS, {**status, "status": "RESOLVED"})
    assert worker.counted()["leaked"] == 1, "its members may receive what others cause"


def test_a_publication_of_another_worker_waits_until_it_is_announced() -> None:
    worker = Worker(shared=True)
    frame = worker.receive(1, TYPED, typing())
    assert worker.counted() == {}
    assert [(number, got) for number, _, got in worker.ledger.orphans[STREAM, 0]] == [(1, frame)]
    one = worker.publish()
    worker.receive(2, TYPED, typing())
    assert worker.hearing.known[frame] is one
    worker.receive(3, TYPED, typing(1))
    assert worker.counted()["leaked"] == 1


def test_a_value_that_comes_out_otherwise_is_a_defect() -> None:
    worker = Worker()
    stream = WORDS.stream(1, LOCATION, "r")
    worker.publish(stream, 3)
    sent = LOCATION.payload("r", Mark("r", stream, 3))
    told = {**BUNDLE.broadcast(LOCATED).examples.valid[0], **sent}
    assert "accuracy" in BUNDLE.broadcast(LOCATED).echoes
    worker.receive(1, LOCATED, told)
    worker.receive(2, LOCATED, {**told, "accuracy": 5.5})
    assert worker.counted() == {"published": 1, "ok": 2, "contract_failed": 1}
    assert worker.why("contract_failed") == "its accuracy is not what was sent"


def test_what_is_no_packet_is_malformed() -> None:
    worker = Worker()
    member = SimpleNamespace(number=1, scenario="Chat", rooms={})
    worker.hearing.hear(cast("Actor", member), b"42[", None, "expected JSON")
    assert worker.why("contract_failed") == "malformed: expected JSON"


def created(identity: str) -> bytes:
    """An answer to the call that creates a message."""
    (example, *_) = BUNDLE.broadcast("message:broadcast").examples.valid
    return codec.encode_json({"success": True, "data": {**example, "id": identity}})


def test_a_message_has_one_id_in_its_answer_and_in_its_broadcast() -> None:
    worker = Worker()
    one, author = worker.publish(), cast("Actor", SimpleNamespace(number=1, rooms={}, scenario=""))
    worker.hearing.answered(author, CREATE, one, created("a"))
    assert (one.id, worker.hearing.ids) == ("a", {(STREAM, 0): "a"})
    assert not worker.ledger.witnesses
    worker.hearing.answered(author, CREATE, one, created("b"))
    assert worker.why("contract_failed") == "the answer to the call has another id than its broadcast"


def test_frames_of_no_publication_are_forgotten_after_a_while() -> None:
    worker = Worker()
    worker.receive(1, TYPED, typing(9))
    assert len(worker.hearing.known) == 1
    (came_ns, _), *_ = worker.hearing._fading
    worker.hearing.fade(came_ns + KNOWN_NS)
    assert len(worker.hearing.known) == 1
    worker.hearing.fade(came_ns + KNOWN_NS + 1)
    assert not worker.hearing.known


def test_a_room_that_is_not_named_is_that_of_nobody() -> None:
    worker = Worker()
    worker.receive(3, "message:seen", {})
    assert worker.ledger.witnesses["undocumented"].room == Room("", "Chat").name
