"""One request and its answer, or the websocket that it became."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from conformance.recording.heads import Headers
from conformance.support.caps import MOST_MESSAGE_BYTES


@dataclass(slots=True, kw_only=True)
class Body:
    """What was kept of a body; the rest of a long one is passed on and not kept."""

    kept: bytearray = field(default_factory=bytearray)
    is_cut: bool = False

    def add(self, data: bytes) -> None:
        """Keep the next piece."""
        if self.is_cut:
            return
        if len(self.kept) + len(data) > MOST_MESSAGE_BYTES:
            self.is_cut = True
            self.kept.clear()
        else:
            self.kept += data


@dataclass(slots=True, kw_only=True)
class Exchange:
    """A request as a client sent it, and what the service answered."""

    method: str
    target: str
    headers: Headers
    at_s: float
    """When the head of the request came."""
    body: Body = field(default_factory=Body)
    status: int | None = None
    answer_headers: Headers = field(default_factory=list)
    answer: Body = field(default_factory=Body)
    done_s: float = 0.0
    """When the answer was whole, or would not become so any more."""
    is_upgrade: bool = False
    """It asks for another protocol on this connection."""

    @property
    def path_and_query(self) -> tuple[str, str]:
        """The two parts of the target. A client may send one that is no URL: its path is what comes before `?` then."""
        try:
            parts = urlsplit(self.target)
        except ValueError:
            path, _, query = self.target.partition("?")
            return path, query.partition("#")[0]
        return parts.path, parts.query
