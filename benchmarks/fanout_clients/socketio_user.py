"""Locust's own SocketIOUser, one socket a user. Speaks as floor.c does, with BENCH_* variables for its arguments."""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from typing import Any

import gevent
import gevent.os
from locust import events, task
from locust.contrib.socketio import SocketIOUser

SOCKETS, ROOMS, SECONDS = (int(os.environ[f"BENCH_{name}"]) for name in ("SOCKETS", "ROOMS", "SECONDS"))
count = {"joined": 0, "delivered": 0}


def cpu_s() -> float:
    """What this process has used so far."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


class Receiver(SocketIOUser):
    """One socket in a room."""

    def on_start(self) -> None:
        """Connect and join."""
        # Locust's own handler for every event, and our count after it.
        self.sio.on("*", self.heard)
        self.sio.connect(self.host, transports=["websocket"])
        room = {"sosId": f"bench-{count['joined'] % ROOMS}"}
        count["joined"] += 1
        self.sio.emit("sos:room:join", room)
        self.sio.call("participants:active:request", room)
        count["ready"] = count.get("ready", 0) + 1

    def heard(self, event: str, data: Any) -> None:
        """As Locust offers it: it records the sample, then we count."""
        self.sio.on_message(event, data)
        if event == "message:broadcast":
            count["delivered"] += 1

    @task
    def listen(self) -> None:
        """Nothing is sent."""
        gevent.sleep(3600)


def measure() -> None:
    """Say when all are there, wait for a word, count."""
    while count.get("ready", 0) < SOCKETS:
        gevent.sleep(0.1)
    print("ready", flush=True)
    gevent.os.tp_read(sys.stdin.fileno(), 1)
    count["delivered"] = 0
    before, began = cpu_s(), time.monotonic()
    gevent.sleep(SECONDS)
    rss = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    told = {"deliveries": count["delivered"], "cpu_s": cpu_s() - before, "wall_s": time.monotonic() - began}
    print(json.dumps(told | {"rss_kb": rss}), flush=True)
    os._exit(0)


events.test_start.add_listener(lambda **_: gevent.spawn(measure))
