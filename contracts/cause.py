"""What provokes a broadcast, as a contract writes it: one cause, or several of which any provokes it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Causes:
    """All causes of one broadcast."""

    events: tuple[str, ...] = ()
    """Events of clients."""
    calls: tuple[str, ...] = ()
    """HTTP calls."""
    follows: tuple[str, ...] = ()
    """Broadcasts that it comes after."""
    connection: bool = False
    """Whether a socket that connects provokes it."""
    disconnect: bool = False
    """Whether a socket that disconnects provokes it; where it goes to a room, one that was in it."""
    every_s: float | None = None
    """The period of a schedule, which nobody asks for."""
    bad_request: bool = False
    other: str | None = None
    """A cause that no contract describes, in words."""
    maybe: Causes | None = None
    """Those that provoke it under a condition alone, which no contract describes."""

    @property
    def all_events(self) -> tuple[str, ...]:
        """The events of clients that provoke it, always or sometimes."""
        return self.events + (self.maybe.events if self.maybe is not None else ())

    @property
    def all_calls(self) -> tuple[str, ...]:
        """The calls that do."""
        return self.calls + (self.maybe.calls if self.maybe is not None else ())

    @property
    def all_follows(self) -> tuple[str, ...]:
        """The broadcasts that it comes after, always or sometimes."""
        return self.follows + (self.maybe.follows if self.maybe is not None else ())

    @property
    def is_seen(self) -> bool:
        """Whether something other than an event or call provokes it that is seen in a transcript."""
        return self.connection or self.disconnect or bool(self.follows)

    @property
    def is_unseen(self) -> bool:
        """Whether it may come at any time for a reason that no transcript shows."""
        return self.every_s is not None or self.other is not None

    @property
    def words(self) -> str:
        """The causes in words, the empty text where there are none."""
        told = [*self.events, *self.calls, *(f"the broadcast {name}" for name in self.follows)]
        told += ["a connection"] if self.connection else []
        told += ["a disconnection"] if self.disconnect else []
        told += [f"a schedule of {self.every_s:g} s"] if self.every_s is not None else []
        told += ["a bad request"] if self.bad_request else []
        told += [self.other] if self.other else []
        return " or ".join(told + ([f"sometimes {self.maybe.words}"] if self.maybe is not None else []))


NO_CAUSES = Causes()


def causes_of(written: dict[str, Any] | list[dict[str, Any]] | None) -> Causes:
    """The causes that `caused_by` lists; each entry is one cause, or an event and a call together."""
    some = written if isinstance(written, list) else [written] if written else []
    maybe = [{key: value for key, value in one.items() if key != "when"} for one in some if "when" in one]
    some = [one for one in some if "when" not in one]

    def named(key: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(one[key] for one in some if key in one))

    periods = [one["every_s"] for one in some if "every_s" in one]
    return Causes(
        events=named("event"),
        calls=named("call"),
        follows=named("broadcast"),
        connection=any("connection" in one for one in some),
        disconnect=any("disconnect" in one for one in some),
        every_s=min(periods, default=None),
        bad_request=any("bad_request" in one for one in some),
        other=" or ".join(named("other")) or None,
        maybe=causes_of(maybe) if maybe else None,
    )


def names_of(written: str | list[str] | None) -> tuple[str, ...]:
    """The broadcasts of an `effect`: one name, or several."""
    return tuple(written) if isinstance(written, list) else (written,) if written else ()
