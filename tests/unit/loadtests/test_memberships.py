"""Whom a publication is owed where sockets come, go and lose their connection in the same moment: orders of facts."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from types import SimpleNamespace
from typing import Any, cast

from contracts.load import load
from loadtests.dialects.dialect import Dialect
from loadtests.ledger.publication import Publication, Room
from loadtests.worker.client import VirtualClient
from loadtests.worker.config import WorkerConfig
from loadtests.worker.named_replies import MOST_ACKED, NamedReplies
from loadtests.worker.wire.address import Address
from loadtests.worker.wire.failures import Failed
from loadtests.worker.worker import Worker

WORDS = Dialect.of(load("sos"))
URL = "http://127.0.0.1:9"


class Scene:
    """One member, and rosters that are answered when the script says so."""

    def __init__(self) -> None:
        self.worker = Worker(WorkerConfig(addresses=(Address(url=URL),), api_urls=(URL,), words=WORDS, run="r"))
        self.room = self.worker.ledger.room("room", "Churn")
        self.member = VirtualClient(self.worker, "Churn", 1)
        self.asked: list[asyncio.Future[bool]] = []
        self._news = asyncio.Event()
        self.worker.roll = cast("Any", SimpleNamespace(seen=self._seen))
        self.connect()

    async def _seen(self, room: Room, member: VirtualClient, *, wanted: bool) -> bool:
        answer = asyncio.get_running_loop().create_future()
        self.asked.append(answer)
        self._news.set()
        return bool(await answer)

    def connect(self) -> None:
        """The member has a new connection."""
        self.member.connection = cast(
            "Any", SimpleNamespace(open_now=True, sid="s1", emit=lambda *_: None, end=lambda _: None)
        )

    async def begun(self, step: Awaitable[bool]) -> "asyncio.Future[bool]":
        """A step that waits for its roster."""
        self._news.clear()
        task = asyncio.ensure_future(step)
        await self._news.wait()
        return task

    def published(self) -> Publication:
        now_ns = time.monotonic_ns()
        publication = self.worker.ledger.publish(self.room, 4, 0, due_ns=now_ns, now_ns=now_ns)
        self.worker.ledger.answered(publication, "taken", now_ns)
        return publication

    def counts(self) -> dict[str, int]:
        return {name: count for (name, *_), count in self.worker.ledger.counts.items() if count}


def played(script: Callable[[Scene], Awaitable[None]]) -> dict[str, int]:
    """What was counted when a script is over."""

    async def play() -> dict[str, int]:
        scene = Scene()
        await script(scene)
        scene.member.dropped = True  # What is lost from here on does not come back.
        await scene.worker.close()
        return scene.counts()

    return asyncio.run(play())


def test_a_socket_that_a_roster_lists_is_owed_what_is_published() -> None:
    async def script(scene: Scene) -> None:
        join = await scene.begun(scene.member.join(scene.room))
        assert not scene.published().owed
        scene.asked[0].set_result(True)
        assert await join
        assert len(scene.published().owed) == 1

    assert played(script) == {"published": 2}


def test_a_socket_that_is_listed_and_gone_before_it_knows_is_owed_nothing() -> None:
    async def script(scene: Scene) -> None:
        join = await scene.begun(scene.member.join(scene.room))
        scene.asked[0].set_result(True)
        scene.member.drop("close")
        assert not await join
        assert not scene.published().owed

    assert played(script) == {"published": 1}


def test_a_new_connection_is_no_member_by_what_was_seen_of_the_old_one() -> None:
    async def script(scene: Scene) -> None:
        join = await scene.begun(scene.member.join(scene.room))
        scene.asked[0].set_result(True)
        scene.member.dropped = True
        scene.member.lost(Failed("the connection was lost"))
        scene.connect()
        assert not await join
        assert not scene.published().owed

    assert played(script) == {"disconnected": 1, "published": 1}


def test_a_socket_that_asks_to_leave_is_no_member_by_the_answer_to_an_earlier_join() -> None:
    async def script(scene: Scene) -> None:
        join = await scene.begun(scene.member.join(scene.room))
        leave = await scene.begun(scene.member.leave(scene.room))
        scene.asked[0].set_result(True)
        assert not await join
        assert not scene.published().owed
        scene.asked[1].set_result(True)
        assert await leave
        assert not scene.member.rooms

    assert played(script) == {"published": 1}


def test_a_socket_that_comes_again_while_it_leaves_is_asked_about_what_it_lacks() -> None:
    """A leaver loses its connection, comes back and joins, and only then the leave is settled."""

    async def script(scene: Scene) -> None:
        first = await scene.begun(scene.member.join(scene.room))
        scene.asked[0].set_result(True)
        assert await first
        leave = await scene.begun(scene.member.leave(scene.room))
        scene.member.dropped = True
        scene.member.lost(Failed("the connection was lost"))
        scene.connect()
        join = await scene.begun(scene.member.join(scene.room))
        scene.asked[1].set_result(True)
        assert not await leave
        scene.asked[2].set_result(True)
        assert await join
        publication = scene.published()
        # Whatever it hears says something of what it lacks, and a further loss of its connection ends its stay.
        scene.member.heard()
        assert scene.room.stays[1].heard_ns >= publication.begun_ns
        scene.member.lost(Failed("the connection was lost"))
        assert not scene.room.stays

    assert played(script) == {"disconnected": 2, "published": 1}


def test_a_leave_by_an_event_ends_what_a_join_waits_for() -> None:
    async def script(scene: Scene) -> None:
        join = await scene.begun(scene.member.join(scene.room))
        scene.member.go(scene.room, "sos:close")
        scene.asked[0].set_result(True)
        assert not await join
        assert not scene.published().owed

    assert played(script) == {"published": 1}


def test_a_join_that_no_roster_shows_is_counted() -> None:
    async def script(scene: Scene) -> None:
        join = await scene.begun(scene.member.join(scene.room))
        scene.asked[0].set_result(False)
        assert not await join

    assert played(script) == {"unjoined": 1}


# --- answers by the name of an event ---------------------------------------------------------------------------


def answers(*facts: str) -> list[str]:
    """What each of two requests, `1` and `2`, is answered by.

    Args:
        facts: `ask 1`, `ack 1`, `event X`, `late 1`, in their order.
    """

    async def play() -> list[str]:
        replies, found = NamedReplies(), {n: asyncio.get_running_loop().create_future() for n in ("1", "2")}
        for fact in facts:
            what, of = fact.split()
            if what == "ask":
                replies.ask("roster", found[of])
            elif what == "ack":
                found[of].set_result([f"ack {of}"])
            elif what == "late":
                replies.forget("roster", found[of])
            else:
                replies.come("roster", [of])
        return [one.result()[0] if one.done() else "" for one in found.values()]

    return asyncio.run(play())


def test_events_answer_requests_in_their_order() -> None:
    assert answers("ask 1", "ask 2", "event A", "event B") == ["A", "B"]
    assert answers("event X", "ask 1", "event A") == ["A", ""]


def test_an_event_that_comes_behind_its_ack_is_no_answer_to_the_next_request() -> None:
    assert answers("ask 1", "ack 1", "ask 2", "event A", "event B") == ["ack 1", "B"]
    assert answers("ask 1", "ack 1", "event A", "ask 2", "event B") == ["ack 1", "B"]
    assert answers("ask 1", "event A", "ask 2", "event B") == ["A", "B"]


def test_a_request_that_nothing_answered_takes_no_answer_from_the_next() -> None:
    assert answers("ask 1", "late 1", "ask 2", "event B") == ["", "B"]


def test_a_request_that_is_over_takes_nothing_from_those_that_wait() -> None:
    async def play() -> None:
        replies, loop = NamedReplies(), asyncio.get_running_loop()
        assert not replies
        replies.forget("roster", loop.create_future())
        waiting = loop.create_future()
        replies.ask("roster", waiting)
        assert replies
        replies.come("other", [])
        assert replies
        waiting.set_result([])
        assert not replies
        for _ in range(2 * MOST_ACKED):
            replies.ask("roster", waiting)
        assert len(replies._asked["roster"]) == MOST_ACKED

    asyncio.run(play())
