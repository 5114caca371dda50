"""A wall clock that is set during a run is noticed; one that is slewed is not."""

import asyncio
import time

import pytest

from conformance.stage.clients.recorder import Clock
from conformance.stage.heartbeat import Heartbeat
from conformance.support.wall_clock import WallClock


def test_every_setting_is_kept_once(monkeypatch: pytest.MonkeyPatch) -> None:
    told_s = 1000.0
    monkeypatch.setattr("time.time", lambda: told_s)
    wall = WallClock(now_s=10.0)
    assert wall.epoch_s == 990.0
    assert wall.look(10.0) == ()
    told_s = 1060.4
    assert wall.look(70.0) == (), "it was slewed"
    told_s = 4660.0
    assert wall.look(70.0) == (4590.0,)
    told_s = 1070.0
    assert wall.look(80.0) == (4590.0,), "it was set back"


def test_a_wall_clock_that_was_set_and_set_back_was_seen_by_the_heartbeat(monkeypatch: pytest.MonkeyPatch) -> None:
    ahead_s, own = [0.0], time.time
    monkeypatch.setattr("time.time", lambda: own() + ahead_s[0])

    async def set_and_back() -> Clock:
        heartbeat = Heartbeat(Clock())
        for ahead_s[0] in (3600.0, 0.0):
            heartbeat._beat()
        heartbeat.stop()
        return heartbeat.clock

    clock = asyncio.run(set_and_back())
    assert [round(epoch_s - clock.epoch_s) for epoch_s in clock.reset_epochs_s()] == [3600]
