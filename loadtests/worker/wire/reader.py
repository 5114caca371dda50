"""Reads the sockets that are ready in one turn of the loop by one call, and takes the frames that are known at once.

libuv calls back for each socket, twice, and picows then parses what has come: a good part of what a delivery costs. But
what a service sends to a room is the same for all its members, byte by byte, so that one look-up of what was read tells
what it is. Whatever is not known goes on to picows, which parses it as ever; so does everything where the system has no
epoll, and what is read through TLS.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
from time import monotonic_ns
from typing import Any

import gevent.monkey

from loadtests.worker.wire.large import LargeAtOnce
from loadtests.worker.wire.reading import FRAMES_BYTES, READ_BYTES, Reading, Source

AT_ONCE = 256
"""How many sockets are read in a turn: some 2 ms, after which whatever else is due has its turn."""

TURN_BYTES = AT_ONCE * READ_BYTES
"""How much of large frames is read in a turn at the most: as much as all sockets of one read."""

EPOLLIN, EPOLLRDHUP = 0x001, 0x2000
"""Of Linux: there is something to read; the other side has closed."""


class SocketReader:
    """Reads sockets."""

    def __init__(self) -> None:
        self._readings: dict[int, Reading] = {}
        self.large = LargeAtOnce(FRAMES_BYTES)
        """The large frames of all sockets."""
        self.spare_bytes = 0
        """What may be read of large frames in this turn, besides what every socket reads."""
        try:
            # gevent takes it away, since it would block every greenlet; here it is only asked what is ready.
            self._poll: Any = gevent.monkey.get_original("select", "epoll")()
        except AttributeError:
            self._poll = None
            return
        asyncio.get_running_loop().add_reader(self._poll.fileno(), self._turn)

    def take_over(self, source: Source, transport: Any) -> Reading | None:
        """Read a socket from now on, of which everything that has come was taken; None where it cannot be.

        Args:
            transport: of asyncio, of which the socket is.
        """
        if self._poll is None or transport.is_closing() or transport.get_extra_info("ssl_object") is not None:
            return None
        inner = transport.get_extra_info("socket")
        if inner is None:
            return None
        transport.pause_reading()
        reading = Reading(source, transport, inner.fileno(), self)
        self.watch(reading)
        return reading

    def watch(self, reading: Reading) -> None:
        """Read a socket when there is something to read."""
        if self._poll is not None:
            self._readings[reading.descriptor] = reading
            self._poll.register(reading.descriptor, EPOLLIN | EPOLLRDHUP)

    def end(self, reading: Reading) -> None:
        """Do not read a socket any more."""
        if self._readings.get(reading.descriptor) is reading:
            del self._readings[reading.descriptor]
            with contextlib.suppress(OSError):  # It is closed already, and by that out of the set.
                self._poll.unregister(reading.descriptor)

    def _turn(self) -> None:
        """Read what is ready. This runs for every delivery: it is written for its price."""
        readings, self.spare_bytes = self._readings, TURN_BYTES
        for descriptor, event in self._poll.poll(0, AT_ONCE):
            reading = readings.get(descriptor)
            if reading is None:
                continue  # Something that was read in this turn has ended it.
            if event != EPOLLIN:
                reading.give_back()
                continue
            source = reading.source
            try:
                data = os.read(descriptor, READ_BYTES)
            except BlockingIOError:
                continue
            except OSError:
                reading.give_back()
                continue
            try:
                found = reading.frames.get(data)
                if found is None:
                    reading.come(data, monotonic_ns())
                    continue
                source.taken += 1
                if source.taken > source.allowed and source.is_too_much():
                    continue
                found[0].take(source.owner, found[1], monotonic_ns())
            except Exception as error:  # noqa: BLE001 - raised by what took the frame, which is ours
                source.broke(error)

    def close(self) -> None:
        """Read nothing any more."""
        if self._poll is not None:
            asyncio.get_running_loop().remove_reader(self._poll.fileno())
            self._poll.close()
            self._poll = None
            self._readings.clear()
