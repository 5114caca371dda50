"""Plays rows to one socket and one call of a load, in this process and without Locust."""

import asyncio
import gc
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import uvloop

from loadtests.worker.wire import codec
from loadtests.worker.wire.address import Address
from loadtests.worker.wire.failures import Failed
from loadtests.worker.wire.http import Http, Unanswered
from loadtests.worker.wire.socket import Connection
from tests.hostile.peak import peak_mb, reset_peak, starved_s
from tests.hostile.row import Row

STEP_S = 1.0
"""How long a connection, an ack, a call and a broadcast may take."""

PATIENT_S = 10.0
"""The same where something else than the end of this time is expected: a busy machine takes long to send a flood."""

MOST_S = 6 * STEP_S
MOST_MB = 150
"""A process has 70 MB of its own; messages have up to 4 MB, of which picows, the frame and its text hold one each."""

ROOM, CREATED = "r", 201


@dataclass(frozen=True, slots=True)
class Played:
    says: str
    took_s: float
    starved_s: float
    peak_mb: float
    leftover: list[str]
    """Exceptions that nobody asked for: each would be a traceback on the terminal."""


@dataclass(slots=True, eq=False)
class Playing:
    """What the socket and the call make of a server; each is a text, or empty where it is as it has to be."""

    lost: str = ""
    frame: str = ""
    ack: str = ""
    call: str = ""
    broadcast: str = "no broadcast came"
    come: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def says(self) -> str:
        return self.lost or self.frame or self.ack or self.call or self.broadcast or "holds"

    def first(self, frame: bytes, packet: codec.Packet | None, why: str) -> None:
        self.frame = self.frame or why
        if packet is not None and packet.data[0] == "noted":
            self.broadcast = ""
        self.come.set()

    def lost_by(self, why: Failed) -> None:
        self.lost = why.detail
        self.come.set()

    async def until(self, fact: Callable[[], bool], step_s: float) -> None:
        """Wait for a fact, and no longer than a step."""
        end_s = time.monotonic() + step_s
        while not fact() and (left_s := end_s - time.monotonic()) > 0:
            self.come.clear()
            await asyncio.wait([asyncio.ensure_future(self.come.wait())], timeout=left_s)


class Owner:
    def __init__(self, played: Playing) -> None:
        self.first, self.lost = played.first, played.lost_by


async def _play(row: Row, url: str, tls: ssl.SSLContext | None, played: Playing) -> None:
    transport = "upgrade" if row.transport == "polling" else "websocket"
    step_s = STEP_S if row.worker.startswith("no ") else PATIENT_S
    http = Http(url, tls, step_s)
    address = Address(url=url, tls=tls, connect_s=step_s, transport=transport)  # type: ignore[arg-type]
    connection = Connection(address, Owner(played), {})
    try:
        await connection.open(None, http)
        try:
            async with asyncio.timeout(STEP_S):
                answer: asyncio.Future[list[Any]] = asyncio.get_running_loop().create_future()
                await connection.call("enter", ({"room": ROOM},), answer, lambda _: None)
        except TimeoutError:
            played.ack = "no answer came"
        except Failed as error:
            played.ack = error.detail
        try:
            status, body = await http.call("POST", f"/rooms/{ROOM}/notes", b'{"text":"t"}')
            is_json = codec.decoded(body) is not None
            played.call = f"answered {status}" if status != CREATED else "" if is_json else "the answer is no JSON"
        except Unanswered as error:
            played.call = str(error)
        await played.until(lambda: played.says.startswith(row.worker), step_s)
    except Failed as error:
        played.lost = error.detail
    finally:
        connection.end("rst")
        http.close()


def played_by_worker(row: Row, url: str, authority: Path) -> Played:
    """Play a row; what is left over when all of it is gone is collected, too."""
    tls = ssl.create_default_context(cafile=str(authority)) if row.tls else None
    reset_peak()
    played, began_s, before_s, leftover = Playing(), time.monotonic(), starved_s(), list[str]()

    async def bounded() -> None:
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _, context: leftover.append(str(context)))
        async with asyncio.timeout(4 * PATIENT_S):
            await _play(row, url, tls, played)
        gc.collect()

    uvloop.run(bounded())
    return Played(played.says, time.monotonic() - began_s, starved_s() - before_s, peak_mb(), leftover)


def faults_of_worker(row: Row, got: Played) -> list[str]:
    """What of a row is not as it has to be."""
    found = [] if got.says.startswith(row.worker) else [f"the worker says {got.says!r}, expected {row.worker!r}"]
    found += [f"the worker leaves {one}" for one in got.leftover]
    found += [f"the worker took {got.took_s:.1f} s"] if got.took_s - got.starved_s > MOST_S else []
    return found + ([f"{got.peak_mb:.0f} MB in the worker"] if got.peak_mb > MOST_MB else [])
