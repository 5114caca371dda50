"""What the garbage collector looks through in a load: not the sockets that stay for the whole run.

To look through everything holds all threads of the process, for 0.3 s at 2,000 sockets: Locust's heartbeats are missed
meanwhile, and looking through the publications of the last seconds again and again was 6 % of what a delivery costs.
"""

from __future__ import annotations

import gc

MOST_NEW = 250
"""After how many new sockets the collector is spared their objects: looking through them takes some 40 ms."""

THRESHOLDS = (700, 10, 50)
"""Of the collector, once sockets are there: it looks through what is old less often than by default. What is young has
to be looked through as ever: bodies and buffers of connections that failed are in cycles."""


class Spared:
    """How many sockets the collector is spared.

    What is spared once is never freed if it is part of a cycle, as each connection is. So it is spared where there are
    more sockets than ever, and not again for those that come in place of others.
    """

    def __init__(self) -> None:
        self._most = 0

    def look(self, sockets: int, *, ramping: bool) -> None:
        """So many sockets are there; those that came are spared the collector where they are many, or no more come."""
        new = sockets - self._most
        if new >= MOST_NEW or (new > 0 and not ramping):
            self._most = sockets
            gc.collect(1)
            gc.freeze()
            gc.set_threshold(*THRESHOLDS)


def collect_all() -> None:
    """Free what is part of no living cycle, also what was spared."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()
