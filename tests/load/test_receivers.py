"""Everyone, single sockets and users, and rooms together with them: who receives what, and nobody else."""

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from contracts.load import load as bundle_of
from contracts.model import Bundle
from loadtests.ledger.publication import Publication
from tests.cases.checking import expected
from tests.load.in_process import Load, play
from tests.running import ROOT, started

CASES = ROOT / "tests" / "cases"


@contextlib.contextmanager
def serving(name: str, lie: str = "") -> Iterator[str]:
    """The service of a case; its address."""
    module = ".".join((*(CASES / name).relative_to(ROOT).parts, "service"))
    with started(sys.executable, "-m", module, lie) as (_, line):
        yield line.strip()


def contracts(name: str) -> Bundle:
    return bundle_of(str(Path(CASES / name / "contracts")))


DEPOT = contracts("depot_receivers")
TIMES = 3
LOST_S = 0.3

OWED = {
    # Of three in one room and one in another: everyone, everyone but the sender, one, and the room besides that one.
    "announce": (4 * TIMES, 4 * TIMES),
    "ring": (3 * TIMES, 3 * TIMES),
    "page": (TIMES, TIMES),
    "reroute": (3 * TIMES, 4 * TIMES),
}


@pytest.fixture(scope="module")
def depot() -> Iterator[str]:
    with serving("depot_receivers") as url:
        yield url


async def published(load: Load, event: str) -> list[Publication]:
    """What three in one room and one in another publish, the first of them each time."""
    users = [await load.user() for _ in range(4)]
    for user, room in zip(users, ("one", "one", "one", "two"), strict=True):
        assert await user.join(room, "", "")
    found = []
    for _ in range(TIMES):
        sent = await users[0].emit(event, {}, "one")
        assert sent is not None
        assert await users[0].client.arrives(sent, 5)
        found.append(sent)
    return found


@pytest.mark.parametrize("event", OWED)
def test_each_receiver_is_owed_it_and_has_it_once(event: str, depot: str) -> None:
    async def test(load: Load) -> None:
        await published(load, event)

    counts = play(depot, DEPOT, test)
    least, most = OWED[event]
    assert least <= counts.pop("ok") <= most
    assert counts == {"connected": 4, "published": TIMES}


@pytest.mark.parametrize(
    ("lie", "event", "defect", "count"),
    [
        ("announcer-hears-nothing", "announce", "lost", TIMES),
        ("ringer-hears-it", "ring", "leaked", TIMES + 2),
        ("all-are-paged", "page", "leaked", 3 * TIMES),
        ("nobody-is-paged", "page", "lost", TIMES),
    ],
)
def test_whoever_has_it_otherwise_is_counted(lie: str, event: str, defect: str, count: int) -> None:
    async def test(load: Load) -> None:
        users = [await load.user() for _ in range(4)]
        for user, room in zip(users, ("one", "one", "one", "two"), strict=True):
            assert await user.join(room, "", "")
        for _ in range(TIMES):
            assert await users[0].emit(event, {}, "one") is not None
        # What is lost shows by what comes after it.
        await load.worker.alarm.after(2 * LOST_S)
        for user, room in ((users[3], "two"), (users[0], "one")):
            assert await user.emit("ring", {}, room) is not None

    with serving("depot_receivers", lie) as url:
        assert play(url, DEPOT, test, lost_s=LOST_S)[defect] == count


def test_a_user_is_sent_to_by_name_where_sockets_show_tokens() -> None:
    auth = expected(CASES / "postbox_users")["target"]["auth"]

    async def test(load: Load) -> None:
        users = [await load.user() for _ in range(3)]
        for user in users:
            sent = await user.emit("letter:send", {}, "")
            assert sent is not None
            assert len(sent.owed) == 1
            assert await user.client.arrives(sent, 5)

    postbox = contracts("postbox_users")
    with serving("postbox_users") as url:
        assert play(url, postbox, test, auth=auth) == {"connected": 3, "published": 3, "ok": 3}
    with serving("postbox_users", "letters-are-read-by-all") as url:
        counts = play(url, postbox, test, auth=auth)
    assert counts == {"connected": 3, "published": 3, "ok": 3, "leaked": 6}


def test_what_others_send_to_a_socket_outside_of_a_room_is_no_leak(depot: str) -> None:
    async def test(load: Load) -> None:
        users = [await load.user() for _ in range(2)]
        for user, room in zip(users, ("one", "two"), strict=True):
            assert await user.join(room, "", "")
        driver = users[1].client
        assert driver.connection is not None
        driver.acts()
        # As somebody else would: the ledger knows nothing of it.
        line = users[0]._joined("one").name
        users[0].client.emit("reroute", {"line": line, "driver": {"socket": driver.connection.sid}, "text": "x"})
        assert await driver.next_of("rerouted", {"line": line}, 5) is not None

    assert play(depot, DEPOT, test) == {"connected": 2}
