"""Whether a target answers over the transports of a run: asked before it, and when something breaks off."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from conformance.model.act import Transport
from conformance.stage.clients.handshake import ANSWER_S, shake
from conformance.stage.clients.refusal import BrokenHandshake, Foreign, NotOffered, Refused, SessionUnknown
from conformance.support.errors import Unreachable
from conformance.target.target import Target

AGAIN_S = 0.1
"""Between two tries of a target that is waited for."""

FOR_RULES = (NotOffered, BrokenHandshake)
"""What a Socket.IO service does that a rule has a finding on: it is reached, though no socket can connect."""

ANSWERED = (*FOR_RULES, Refused, SessionUnknown)
"""What is concluded from an answer; a connection that is refused or times out may be another time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """How a target answers that can be checked."""

    transports: tuple[Transport, ...]
    """Those of the ones asked for that every node takes."""
    refused: Mapping[Transport, str] = field(default_factory=dict)
    """Those that an answer refused, with what it said: no socket can connect over them."""
    silent: bool = False
    """Whether a session was opened and no question for a namespace was answered."""
    failed: tuple[str, ...] = ()
    """What is known of the others, over which no answer came."""

    def probe(self, transport: Transport) -> Transport:
        """The transport over which to ask whether the target is still there, in a round over `transport`."""
        return transport if transport in self.transports or not self.transports else self.transports[0]


async def reach(
    target: Target, transports: Sequence[Transport], answer_s: float = ANSWER_S, *, thorough: bool = False
) -> Reached:
    """Make one Engine.IO handshake with every node over each transport, and over no other.

    Args:
        thorough: also see that the protocol and the parser are those that Roomcheck supports.

    Raises:
        Unreachable: a node cannot be reached over any of them, or cannot be checked; says why.
    """
    pairs = [(transport, url) for transport in transports for url in target.urls]
    shaken = await asyncio.gather(
        *(shake(target, url, transport, answer_s, thorough=thorough) for transport, url in pairs),
        return_exceptions=True,
    )
    found = dict(zip(pairs, shaken, strict=True))
    for made in shaken:
        if isinstance(made, Foreign) or (isinstance(made, BaseException) and not isinstance(made, Unreachable)):
            raise made
    for url in target.urls:
        own = [found[transport, url] for transport in transports]
        first = next((made for made in own if isinstance(made, BaseException)), None)
        if first is not None and all(
            isinstance(made, BaseException) and not isinstance(made, FOR_RULES) for made in own
        ):
            raise first
    refused = {one: made for (one, _), made in reversed(found.items()) if isinstance(made, ANSWERED)}
    failed = [made for made in shaken if isinstance(made, BaseException)]
    return Reached(
        transports=tuple(
            one for one in transports if not any(isinstance(found[one, url], BaseException) for url in target.urls)
        ),
        silent="nothing" in shaken,
        refused={one: str(refused[one]) for one in transports if one in refused},
        failed=tuple(str(made) for made in failed if not isinstance(made, ANSWERED)),
    )


async def awaited(target: Target, transports: Sequence[Transport], wait_s: float) -> Reached:
    """Reach a target that may not have begun to answer yet.

    Raises:
        Unreachable: it did not in `wait_s` seconds, and says what it did last; or what answers cannot be checked.
    """
    loop = asyncio.get_running_loop()
    until_s = loop.time() + wait_s
    while True:
        try:
            return await reach(target, transports, thorough=True)
        except Foreign:
            raise
        except Unreachable as error:
            left_s = until_s - loop.time()
            if left_s <= 0:
                if not wait_s:
                    raise
                raise Unreachable(f"{error} (waited for {wait_s:g} s)") from error
        # Nothing tells when a service begins to listen: it is asked again.
        await asyncio.wait([loop.create_future()], timeout=min(AGAIN_S, left_s))
