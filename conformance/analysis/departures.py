"""When sockets had left that asked to: a request to leave that the service has not read yet ends nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from conformance.analysis.membership import NEVER, Membership
from conformance.model.transcript import AnyEntry


def departed(
    stays: Iterable[Membership], entries: tuple[AnyEntry, ...], taken: Callable[[str, float], int | None]
) -> tuple[Membership, ...]:
    """Stays, of which those that were only presumed to end do so once the service has read the request.

    A service that has no processor for a while answers on one socket what it was asked before it reads another: a
    roster may not come in time, and who has asked to leave may rightly hear the room still.

    Args:
        taken: the first entry that shows that the service has read what an actor sent at a time.
    """
    return tuple(_ended(stay, entries, taken) if stay.presumed else stay for stay in stays)


def _ended(stay: Membership, entries: tuple[AnyEntry, ...], taken: Callable[[str, float], int | None]) -> Membership:
    shown = taken(stay.actor, stay.asked_out_s)
    return replace(stay, out_s=NEVER if shown is None else max(stay.out_s, entries[shown].at_s))
