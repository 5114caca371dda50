"""A broadcast that names who caused it names the socket that published it, as far as this worker knows that."""

import time
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import pytest

from contracts.load import load
from loadtests.dialects.dialect import Dialect
from loadtests.dialects.mark import Mark
from loadtests.ledger.ledger import Ledger
from loadtests.worker.actor import Actor
from loadtests.worker.incoming import Incoming
from loadtests.worker.samples import Samples
from loadtests.worker.senders import MOST_IDS
from loadtests.worker.wire import codec

SOS = Dialect.of(load("sos"))
BY_SOCKET = replace(
    SOS, ways=tuple(replace(way, broadcast=replace(way.broadcast, sender_is="socket")) for way in SOS.ways)
)
"""The same where broadcasts name sockets."""
WHY = "its {} names another than its sender"


class Scene:
    """Two members of a room, of whom the first publishes and the second hears it."""

    def __init__(self, words: Dialect) -> None:
        self.words, self.ledger = words, Ledger()
        self.room = self.ledger.room("r")
        self.hearing = Incoming(words, self.ledger, Samples())
        for socket in (1, 2):
            self.ledger.enter(self.room, socket, 0)

    def connected(self, user: str | None, sid: str = "s1") -> None:
        self.hearing.senders.connected(1, sid, user)

    def heard(self, way_name: str, sender: Any, socket: int = 1) -> str:
        """Why a broadcast that names this sender is broken; empty where it is not."""
        way, now_ns = self.words.named_way(way_name), time.monotonic_ns()
        stream = self.words.stream(socket, way, "r")
        self.ledger.answered(self.ledger.publish(self.room, stream, 0, due_ns=now_ns, now_ns=now_ns), "taken", now_ns)
        sent = way.payload("r", Mark("r", stream, 0))
        base = next(iter(way.broadcast.examples.valid))
        payload = {**base, **{name: value for name, value in sent.items() if name in base}, "sosId": "r"}
        frame = b"42" + codec.encode_json([way.broadcast.event, {**payload, str(way.broadcast.sender): sender}])
        member = SimpleNamespace(
            number=2, scenario="Chat", rooms={"r": self.room}, tape=None, recovers=False, notice=lambda *_: None
        )
        self.hearing.hear(cast("Actor", member), frame, codec.decode(frame), "")
        assert self.ledger.publications[stream, 0].got, "it was recognised"
        found = self.ledger.witnesses.get("contract_failed")
        return found.why if found is not None else ""


LOCATED = "location:update"


@pytest.mark.parametrize(("sender", "why"), [("u1", ""), ("u2", WHY.format("userId"))])
def test_the_user_of_a_known_token_is_the_sender(sender: str, why: str) -> None:
    scene = Scene(SOS)
    scene.connected("u1")
    assert scene.heard(LOCATED, sender) == why


def test_where_the_token_does_not_say_whose_it_is_nobody_is_accused() -> None:
    scene = Scene(SOS)
    scene.connected(None)
    assert scene.heard(LOCATED, "anonymous-7") == ""


def test_the_sender_of_what_another_worker_published_is_not_known() -> None:
    scene = Scene(SOS)
    scene.connected("u1")
    assert scene.heard(LOCATED, "u9", socket=200_001) == ""


@pytest.mark.parametrize(("sid", "why"), [("s1", ""), ("s2", WHY.format("userId")), ("gone", WHY.format("userId"))])
def test_a_roster_may_tell_another_name_of_a_user(sid: str, why: str) -> None:
    scene = Scene(SOS)
    scene.connected("u1", "gone")
    scene.hearing.senders.gone("gone")
    scene.connected("u1")
    scene.hearing.senders.listed([{"participants": [{"socketId": sid, "userId": "account-1"}, {}]}])
    scene.hearing.senders.listed([])
    assert scene.heard(LOCATED, "account-1") == why


def test_where_sockets_are_named_it_is_one_of_the_ids_that_its_connections_had() -> None:
    found = {}
    for sender in ("s1", "s9", "s0", "u1"):
        scene = Scene(BY_SOCKET)
        for number in range(MOST_IDS + 2):
            scene.connected("u1", f"s{number}")
        found[sender] = scene.heard(LOCATED, sender)
    assert found == {"s1": WHY.format("userId"), "s9": "", "s0": WHY.format("userId"), "u1": WHY.format("userId")}


def test_nothing_is_kept_where_no_broadcast_names_its_sender() -> None:
    silent = tuple(replace(way, broadcast=replace(way.broadcast, sender=None)) for way in SOS.ways)
    scene = Scene(replace(SOS, ways=silent))
    scene.connected("u1")
    senders = scene.hearing.senders
    assert (senders._ids, senders._users, senders._by_id) == (None, None, {})
