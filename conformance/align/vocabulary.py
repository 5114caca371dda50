"""What names of events, rooms and calls look like, as a bundle's own names have it. Pure."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from functools import cached_property

from conformance.align.model import Direction
from contracts.model import Bundle

NAME = re.compile(r"(?<![\w/:.$@#{}])(?<!\w-)[A-Za-z]\w*(?:-\w+)*(?::[A-Za-z]\w*(?:-\w+)*)+(?![\w:/({]|-\w|\.\w)")
"""A name with colons, standing by itself."""

CLOSE = 0.75
"""From how alike on (as difflib has it) a word is a slip of another."""

PLACEHOLDER = r"(?:\$?\{[^}\s]*\}|<[^>\s]+>|\[[\w-]+\]|:\w*[iI]d\b)"
ID = r"(?:\d[\w-]*|[0-9a-f]{24}|SOS-[\w-]+)"


@dataclass(frozen=True)
class Vocabulary:
    """The names of one bundle."""

    bundle: Bundle

    @cached_property
    def events(self) -> frozenset[str]:
        """Every documented name."""
        return frozenset(self.bundle.events) | frozenset(self.bundle.reply_names())

    @cached_property
    def retired(self) -> dict[str, str]:
        """Every retired name, with what is to be used instead."""
        return {one.event: one.instead for one in self.bundle.retired}

    @cached_property
    def _segments(self) -> frozenset[str]:
        return frozenset(name.split(":")[0] for name in self.events | self.retired.keys() if ":" in name)

    @cached_property
    def _folded(self) -> dict[str, str]:
        return {_fold(name): name for name in self.events}

    def like_an_event(self, name: str) -> bool:
        """Whether a name with colons is one of this service's, or a slip of one."""
        if name in self.events or name in self.retired:
            return True
        first = name.split(":")[0].lower()
        if first in self._segments or difflib.get_close_matches(first, self._segments, 1, CLOSE):
            return not re.search(self._room + ID + r"$", name)
        return self.nearest(name) is not None

    def nearest(self, name: str, direction: Direction | None = None) -> str | None:
        """The documented name that was meant, where one is near; of those that go in a direction, if one is given."""
        if _fold(name) in self._folded:
            return self._folded[_fold(name)]
        near = difflib.get_close_matches(name, sorted(self._going(direction)), 1, CLOSE)
        return near[0] if near else None

    def _going(self, direction: Direction | None) -> frozenset[str]:
        match direction:
            case "to-server":
                return frozenset(name for name, event in self.bundle.events.items() if event.request)
            case "to-client":
                sent = (name for name, event in self.bundle.events.items() if event.broadcast)
                return frozenset(sent) | frozenset(self.bundle.reply_names())
            case None:
                return self.events

    def is_slip(self, name: str, meant: str) -> bool:
        """Whether a name can only be that other: it has the same words, of which at most one is a letter or two off."""
        words, others = re.split(r"[:_\-]", name), re.split(r"[:_\-]", meant)
        if _fold(name) == _fold(meant):
            return True
        unlike = [pair for pair in zip(words, others, strict=False) if pair[0] != pair[1]]
        if len(words) != len(others) or len(unlike) > 1:
            return False
        return all(difflib.SequenceMatcher(None, *pair).ratio() >= CLOSE for pair in unlike)

    def other_spelling(self, word: str) -> bool:
        """Whether a word is a documented name with other separators or capitals: `messageBroadcast`."""
        return word not in self.events and word not in self.retired and ":" in self._folded.get(_fold(word), "")

    # --- rooms -----------------------------------------------------------------------------------------------

    @cached_property
    def base(self) -> str:
        """What a room's name begins with, in small letters."""
        return self._base.lower()

    @cached_property
    def _base(self) -> str:
        found = re.match(r"[A-Za-z]+", self.bundle.room.template)
        return found[0] if found else "room"

    @cached_property
    def _room(self) -> str:
        return rf"{re.escape(self._base)}[:_.#-]"

    @cached_property
    def room(self) -> re.Pattern[str]:
        """A room's name with a placeholder for its subject."""
        return re.compile(rf"(?<![\w/:.{{-])(?:(?i:{re.escape(self._base)}))[:_.#/-]{PLACEHOLDER}")

    @cached_property
    def room_example(self) -> re.Pattern[str]:
        """A room's name with an id as its subject."""
        return re.compile(rf"(?<![\w/:.{{-]){self._room}{ID}(?![\w:/])")

    def is_a_room(self, text: str) -> bool:
        """Whether a text is a name of one of this service's rooms, right or wrong."""
        return self._base.lower() in text.lower() and self._bare(text) != text

    def is_room(self, text: str) -> bool:
        """Whether a text is a room's name as documented."""
        return self._bare(text) == self._bare(self.bundle.room.template)

    def _bare(self, text: str) -> str:
        return re.sub(rf"{PLACEHOLDER}$|{ID}$|\{{\}}$", "*", text)

    def room_as_documented(self, text: str) -> str:
        """A room's name as written, with its subject kept and everything else as documented."""
        subject = re.search(rf"{PLACEHOLDER}$|{ID}$", text)
        prefix = self.bundle.room.template.split("{")[0]
        return prefix + subject[0] if subject else self.bundle.room.template

    # --- calls -----------------------------------------------------------------------------------------------

    @cached_property
    def calls(self) -> frozenset[tuple[str, str]]:
        """(method, path with `*` for each parameter) of every documented call."""
        return frozenset((call.method, pattern(call.path)) for call in self.bundle.calls.values())


def pattern(path: str) -> str:
    """A path with `*` for every parameter or example of one, without its query."""
    parts = re.split(r"[?#]", path, maxsplit=1)[0].rstrip("/").split("/")
    return "/".join(
        "*" if re.fullmatch(rf".*{PLACEHOLDER}.*|:\w+|\{{\w*\}}|{ID}|\$\w+", part) else part for part in parts
    )


def _fold(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())
