"""What a run is made of, as the sockets of one worker know it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from conformance.target.token_place import BEARER, IN_AUTH, TokenPlace
from loadtests.dialects.dialect import Dialect
from loadtests.ledger.ledger import LOST_NS
from loadtests.worker.wire.address import Address
from loadtests.worker.wire.http import CALL_S


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerConfig:
    """What a run is made of, as one worker knows it."""

    addresses: tuple[Address, ...]
    api_urls: tuple[str, ...]
    words: Dialect
    run: str
    part: str = ""
    """The part of the contracts that is played, where there are several: scenarios are counted by it."""
    worker: int = 0
    seed: int = 0
    shared: bool = False
    """Whether rooms have members in other workers."""
    has_others: bool = False
    """Whether there are other workers."""
    lost_ns: int = LOST_NS
    late_ns: int = 0
    """How long every delivery may take; 0 where the contract of its event says it."""
    call_s: float = CALL_S
    """How long the answer to a call may take."""
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    token: Callable[[str, str], str | None] = field(default=lambda user, room: None, repr=False)
    """The token of a user of a room, where the service wants one."""
    known_as: Callable[[str, str | None], str | None] = field(default=lambda user, token: None, repr=False)
    """By which name the service knows a user who shows a token; None where nothing says that."""
    is_fresh: Callable[[float], bool] = field(default=lambda minted_s: True, repr=False)
    """Whether a token that was minted at a Unix time can still be shown."""
    place: TokenPlace = IN_AUTH
    """Where sockets show it."""
    caller_place: TokenPlace = BEARER
    """Where HTTP calls show it: in a header or a cookie."""

    covered: Callable[[str], str] = field(default=lambda text: text, repr=False)
    """A text without the secrets of the run, for what leaves this process."""

    def cover(self, encoded: bytes) -> bytes:
        """The same of JSON, where no secret is longer than a text."""
        return self.covered(encoded.decode("utf-8", "surrogatepass")).encode("utf-8", "surrogatepass")

    def bearer(self, token: str | None) -> str:
        """The headers of a call."""
        lines = self.caller_place.presented(token).among(self.headers)
        return "".join(f"{name}: {value}\r\n" for name, value in lines.items())
