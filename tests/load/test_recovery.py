"""What a service replays to a connection that it recovers is owed, once; where it recovers none, nothing is."""

import pytest

from contracts.load import load as bundle_of
from tests.load.in_process import Load, play
from tests.load.test_any_contracts import serving
from tests.running import ROOT

FOLDER = ROOT / "tests" / "cases" / "ferry_state_recovery"
FERRY = bundle_of(str(FOLDER / "contracts"))
TIMES = 3
LOST_S = 0.3


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Come back soon."""
    monkeypatch.setattr("loadtests.worker.waits.BACK_OFF_S", (0.05, 0.05))


async def is_away_meanwhile(load: Load) -> None:
    """Of three members one loses its connection, and comes back once something was published."""
    users = [await load.user() for _ in range(3)]
    for user in users:
        assert await user.join("quay", "", "")
    first = await users[0].emit("horn:sound", {}, "")
    assert first is not None
    assert await users[0].client.arrives(first, 5)
    away = users[2].client
    away.drop("rst")
    for _ in range(TIMES):
        sent = await users[0].emit("horn:sound", {}, "")
        assert sent is not None
        # The two others have it, and the service has sent it by then.
        while len(sent.got) < 2 and not sent.closed:
            await load.worker.waits.next()
    await away.reconnect()
    assert away.connected
    # What is lost shows by what comes later.
    await load.worker.alarm.after(2 * LOST_S)
    last = await users[1].emit("horn:sound", {}, "")
    assert last is not None
    await users[1].client.arrives(last, 5)


PUBLISHED = {"connected": 4, "published": TIMES + 2}


@pytest.mark.parametrize(
    ("lie", "counts"),
    [
        ("", {"ok": 3 * (TIMES + 2), "recovered": 1}),
        ("horns-are-forgotten", {"ok": 3 * (TIMES + 2) - TIMES, "lost": TIMES, "recovered": 1}),
        ("horns-sound-again", {"ok": 3 * (TIMES + 2), "duplicate": TIMES, "recovered": 1}),
        ("nothing-is-recovered", {"ok": 3 * (TIMES + 2) - TIMES}),
    ],
)
def test_what_is_replayed_is_accounted_for(lie: str, counts: dict[str, int]) -> None:
    with serving(FOLDER / "service.js", lie) as url:
        found = play(url, FERRY, is_away_meanwhile, lost_s=LOST_S)
    # Where nothing is recovered the service gives no session, and nothing is owed meanwhile.
    assert found == PUBLISHED | counts


def test_who_does_not_come_back_is_owed_nothing_more() -> None:
    async def test(load: Load) -> None:
        users = [await load.user() for _ in range(2)]
        for user in users:
            assert await user.join("quay", "", "")
        for user in users:
            sent = await user.emit("horn:sound", {}, "")
            assert sent is not None
            assert await user.client.arrives(sent, 5)
        users[1].client.drop("rst")
        assert await users[0].emit("horn:sound", {}, "") is not None
        users[1].client.close()

    with serving(FOLDER / "service.js") as url:
        found = play(url, FERRY, test, lost_s=LOST_S)
    assert found == {"connected": 2, "published": 3, "ok": 5, "excused": 1}


def test_a_connection_that_was_closed_is_not_recovered() -> None:
    async def test(load: Load) -> None:
        user = await load.user()
        assert await user.join("quay", "", "")
        assert await user.emit("horn:sound", {}, "") is not None
        await load.worker.waits.next()
        user.client.drop("close")
        assert not user.client.suspended
        await user.client.reconnect()
        assert await user.emit("horn:sound", {}, "") is not None

    with serving(FOLDER / "service.js") as url:
        found = play(url, FERRY, test, lost_s=LOST_S)
    assert found.pop("ok") + found.pop("excused", 0) == found.pop("published") == 2
    assert found == {"connected": 2}
