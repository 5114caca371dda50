"""What names of events and rooms look like, as a bundle's own names have it. Pure."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import chain
from typing import Any

from conformance.align import documented, senses
from conformance.align.model import Direction
from contracts.model import Bundle

NAME = re.compile(r"(?<![\w/:.$@#{}])(?<!\w-)[A-Za-z]\w*(?:-\w+)*(?::[A-Za-z]\w*(?:-\w+)*)+(?![\w:/({]|-\w|\.\w)")
"""A name with colons, standing by itself."""

SEVERAL = r"[a-z][a-z0-9]*(?:[A-Z][A-Za-z0-9]*|[_-][A-Za-z][A-Za-z0-9]*)+"
"""A name of several words without colons, whatever parts them: `sendMessage`, `join_room`."""

CLOSE = 0.75
"""From how alike on (as difflib has it) a word is a slip of another."""

SHORT = 3
"""A word of fewer letters is no slip of another: too many words are near it."""

PLACEHOLDER = r"(?:\$?\{[^}\s]*\}|<[^>\s]+>|\[[\w-]+\]|:\w*[iI]d\b|%s)"
ID = (
    r"(?:\d[\w-]*|undefined|null|NaN|[0-9a-f]{24}|"
    r"SOS-[\w-]+|[A-Z]{2,}(?:[-_][\w-]+)?|[XYZ]+|abc\w*|\*)"
)
GENERIC = re.compile(
    r"domain|entity|resource|namespace|ns|noun|verb|object|subject|feature|module|scope|category|prefix|area|aggregate|"
    r"component|context|foo|bar|event|type|name|model|group",
    re.IGNORECASE,
)
"""Words that stand for the first word of a name."""


@dataclass(frozen=True)
class Vocabulary:
    """The names of one bundle."""

    bundle: Bundle

    @cached_property
    def events(self) -> frozenset[str]:
        """Every documented name."""
        return frozenset(self.bundle.events) | frozenset(self.bundle.reply_names())

    @cached_property
    def namespaces(self) -> frozenset[str]:
        """The namespaces that have documented events."""
        own = (name for event in self.bundle.events.values() for name in event.namespaces)
        return frozenset({self.bundle.namespace, *own})

    @cached_property
    def refused_with(self) -> frozenset[str]:
        """With what the message of a refused connection is, or begins."""
        refusal = self.bundle.refusal
        forms = (refusal.form, *refusal.by_token.values()) if refusal is not None else ()
        return frozenset(said for form in forms if (said := form.message_prefix or form.message))

    @cached_property
    def retired(self) -> dict[str, str]:
        """Every retired name, with what is to be used instead."""
        return {one.event: one.instead for one in self.bundle.retired}

    @cached_property
    def _segments(self) -> frozenset[str]:
        return frozenset(name.split(":")[0] for name in self.events | self.retired.keys() if ":" in name)

    @cached_property
    def _endings(self) -> frozenset[str]:
        return frozenset(name.rpartition(":")[2] for name in self.events if name.count(":") > 1)

    @cached_property
    def heard(self) -> re.Pattern[str]:
        """Any name of what the server sends."""
        names = sorted((name for name in self.events if "to-client" in self.ways(name)), key=len, reverse=True)
        return re.compile("|".join(map(re.escape, names)) or r"(?!)")

    @cached_property
    def answered(self) -> re.Pattern[str]:
        """Any name of a request that an event answers."""
        requests = {name: event.request for name, event in self.bundle.events.items()}
        asked = [name for name, one in requests.items() if one is not None and one.reply and one.reply.event]
        return re.compile("|".join(map(re.escape, sorted(asked, key=len, reverse=True))) or r"(?!)")

    @cached_property
    def _folded(self) -> dict[str, str]:
        return _by_letters(self.events)

    @cached_property
    def _ways(self) -> dict[str, frozenset[Direction]]:
        ways: dict[str, set[Direction]] = {name: set() for name in self.events}
        for name, event in self.bundle.events.items():
            ways[name] |= {"to-server"} if event.request else set()
            ways[name] |= {"to-client"} if event.broadcast else set()
        for name in self.bundle.reply_names():
            ways[name].add("to-client")
        return {name: frozenset(some) for name, some in ways.items()}

    @cached_property
    def choices(self) -> dict[str, dict[str, frozenset[str]]]:
        """The values of each field that has a list of them, by the event or the call (`POST /path`) that has it."""
        return documented.choices(chain(documented.of_events(self.bundle), documented.of_bodies(self.bundle)))

    @cached_property
    def bounded(self) -> dict[str, dict[str, dict[str, Any]]]:
        """What is said of each field that has bounds or a default, by the event or the call that has it."""
        return documented.bounded(chain(documented.of_events(self.bundle), documented.of_calls(self.bundle)))

    @cached_property
    def sent(self) -> frozenset[str]:
        """The names of all fields that are sent, but for those that are values as well."""
        of_all = chain(documented.of_events(self.bundle), documented.of_calls(self.bundle))
        return frozenset(documented.fields(of_all)) - self.chosen

    @cached_property
    def chosen(self) -> frozenset[str]:
        """Every value of these fields."""
        return frozenset(value for owners in self.choices.values() for some in owners.values() for value in some)

    def has_values(self, text: str) -> bool:
        """Whether any of these values stands in a text, by itself or within a word: most texts need no more reading."""
        return any(value in text for value in self.chosen)

    @cached_property
    def _values(self) -> dict[str, str]:
        return _by_letters(self.chosen)

    def value_of(self, name: str) -> str:
        """The value of which a name in code has the letters: `enRoute` is `en_route`; the name itself where none is."""
        return self._values.get(fold(name), name)

    @cached_property
    def choices_lowered(self) -> tuple[str, ...]:
        """The names of these fields in small letters."""
        return tuple(name.lower() for name in self.choices)

    @cached_property
    def fields(self) -> frozenset[str]:
        """The names of all fields of payloads, bodies and queries, and of the parameters of paths, folded."""
        found = documented.fields(chain(documented.of_events(self.bundle), documented.of_calls(self.bundle)))
        return frozenset(map(fold, found | documented.params(self.bundle)))

    @cached_property
    def parts(self) -> frozenset[str]:
        """The words of documented and of retired names, but for that of the room, which much is called after."""
        found = {word.lower() for name in self.events | self.retired.keys() for word in re.split(r"[:_-]", name)}
        return frozenset(found | {"room"}) - {self.base}

    def ways(self, name: str) -> frozenset[Direction]:
        """The directions in which a documented event goes; none for what is not documented."""
        return self._ways.get(name, frozenset())

    def known(self, name: str) -> bool:
        """Whether a name is documented or retired."""
        return name in self.events or name in self.retired

    def like_an_event(self, name: str) -> bool:
        """Whether a name with colons is one of this service's, or a slip of one."""
        if self.known(name):
            return True
        if self.is_example(name):
            return False
        first = name.split(":")[0].lower()
        if self._whole(name):
            return True
        if first in self._segments or difflib.get_close_matches(first, self._segments, 1, CLOSE):
            return not re.search(self._room + ID + r"$", name)
        return self.nearest(name) is not None

    def _whole(self, name: str) -> list[str]:
        """The documented names of which a name is the end: `typing:stop` of `message:typing:stop`."""
        return [one for one in self.events if one.endswith(f":{name}")] if ":" in name else []

    def is_example(self, name: str) -> bool:
        """Whether a name only shows how names are made: `domain:action`, or a room with an id: `sos:XXX`."""
        head, _, last = name.partition(":")
        if GENERIC.fullmatch(head) and head.lower() not in self._segments:
            return True
        if head.lower() != self.base or ":" in last:
            return False
        return (
            fold(last) in (fold(self.bundle.room.key), "id")
            or re.fullmatch(rf"{ID}|[A-Za-z][A-Za-z-]*\d[\w-]*", last) is not None
        )

    def surely_an_event(self, name: str) -> bool:
        """Whether a name is documented, retired, a slip, or made as the documented ones are.

        It is where all but its last word are an event's, or its first and its last are those of events.
        """
        if self.known(name) or self.slip_of(name) is not None:
            return True
        head, _, tail = name.rpartition(":")
        if head.count(":") > 0 and head.split(":")[0] in self._segments and tail in self._endings:
            return True
        return head.count(":") > 0 and any(one.startswith(f"{head}:") for one in self.events | self.retired.keys())

    def slip_of(self, name: str, direction: Direction | None = None) -> str | None:
        """The one documented name of which a name is a slip of the pen; None where it is none, or of several."""
        found = [one for one in sorted(self.going(direction)) if self.is_slip(name, one)]
        same = [one for one in found if fold(one) == fold(name)]
        found = same or found
        return found[0] if len(found) == 1 else None

    def nearest(self, name: str, direction: Direction | None = None) -> str | None:
        """The documented name that was meant, where one is near; of those that go in a direction, if one is given."""
        asked = (name, direction)
        if asked not in self._near:
            self._near[asked] = self._nearest(name, direction)
        return self._near[asked]

    @cached_property
    def _near(self) -> dict[tuple[str, Direction | None], str | None]:
        return {}

    def _nearest(self, name: str, direction: Direction | None) -> str | None:
        going = self.going(direction)
        if self._folded.get(fold(name)) in going:
            return self._folded[fold(name)]
        whole = self._whole(name)
        if len(whole) == 1 and whole[0] in going:
            return whole[0]
        head, _, _ = name.rpartition(":")
        going = frozenset(one for one in going if not senses.opposed(name, one))
        told = senses.replies(name, sorted(going))
        if told:
            return senses.nearest(name, told)
        family = [one for one in sorted(going) if head.count(":") and one.rpartition(":")[0] == head]
        if family:
            return senses.nearest(name, family)
        near = difflib.get_close_matches(name, sorted(going), 3, CLOSE)
        same = [one for one in near if senses.of(one) is not None and senses.of(one) == senses.of(name)]
        if near:
            return senses.nearest(name, same) if same else near[0]
        kin = [one for one in going if one.split(":")[0] == name.split(":")[0]] if direction and ":" in name else []
        return kin[0] if len(kin) == 1 else None

    def going(self, direction: Direction | None) -> frozenset[str]:
        """The documented names that go in a direction; all of them where none is given."""
        return frozenset(name for name in self.events if direction is None or direction in self.ways(name))

    def is_slip(self, name: str, meant: str) -> bool:
        """Whether a name can only be that other: it has the same words, of which at most one is a letter or two off."""
        if fold(name) == fold(meant):
            return True
        words, others = re.split(r"[:_\-]", name), re.split(r"[:_\-]", meant)
        unlike = [pair for pair in zip(words, others, strict=False) if pair[0] != pair[1]]
        if len(words) != len(others) or len(unlike) > 1:
            return False
        return all(slip(*pair) for pair in unlike)

    def other_spelling(self, word: str) -> bool:
        """Whether a word is a documented name with other separators or capitals: `messageBroadcast`."""
        return not self.known(word) and ":" in self._folded.get(fold(word), "")

    def spelled_otherwise(self, word: str) -> bool:
        """Whether a word is a documented name of several words, parted in another way: `send_message`."""
        meant = self._folded.get(fold(word)) if not self.known(word) and word.isascii() else None
        return meant is not None and re.search(r"[:_. -]|[a-z][A-Z]", meant) is not None

    def made_alike(self, word: str) -> bool:
        """Whether a name without colons is made as documented ones are, of words that are parted in the same way."""
        return _parting(word) in self._partings and ":" not in word

    def resembles(self, word: str) -> bool:
        """Whether a word is a documented name of several words in another spelling, or made as those are."""
        return self.spelled_otherwise(word) or self.made_alike(word)

    @cached_property
    def _partings(self) -> frozenset[str | None]:
        return frozenset(_parting(name) for name in self.events) - {None}

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
        return re.compile(
            rf"(?<![\w/:.{{-])(?:(?i:{re.escape(self._base)}))[:_.#/-]{PLACEHOLDER}(?![\w/]|[:.#-][\w{{<$])"
        )

    @cached_property
    def room_example(self) -> re.Pattern[str]:
        """A room's name with an id as its subject."""
        return re.compile(rf"(?<![\w/:.{{-]){self._room}{ID}(?![\w:/])")

    @cached_property
    def other_room(self) -> re.Pattern[str]:
        """Any name whose only placeholder is the room's key: `incident:{sosId}`."""
        key = re.escape(self.bundle.room.key)
        loose = "_?".join(re.escape(part) for part in re.findall(r"[A-Z]?[a-z0-9]+", self.bundle.room.key)) or key
        inside = rf"(?:\$?\{{(?:\w+\.)*(?i:{loose})\}}|<(?i:{loose})>|:(?i:{loose})\b)"
        return re.compile(
            rf"(?<![\w/:.{{-])(?:(?:rooms?|channels?)[:_./#-](?={re.escape(self._base)}[:_.#/-]))?[A-Za-z][A-Za-z]*(?:[_-][A-Za-z]+)*[:_.#/-]{inside}(?![\w:/.-])"
        )

    @cached_property
    def suffixed_room(self) -> re.Pattern[str]:
        """The documented room with a word behind it that says no more than that it is one: `sos:{sosId}:room`."""
        return re.compile(rf"{self._room}{PLACEHOLDER}[:_.-](?:room|channel|all|main|group|members?)", re.IGNORECASE)

    def is_a_room(self, text: str) -> bool:
        """Whether a text is a name of one of this service's rooms, right or wrong; any may be where it is a bare id."""
        if self.bundle.room.template.startswith("{"):
            return False
        if self.other_room.fullmatch(text) or self.suffixed_room.fullmatch(text):
            return True
        return self._base.lower() in text.lower() and self._bare(text) != text

    def is_room(self, text: str) -> bool:
        """Whether a text is a room's name as documented; one with the id of something else in it is none."""
        placeholder = re.search(r"[{<:](?:\w+\.)*(\w+)[}>]?$", text)
        if placeholder is not None and fold(placeholder[1]) in self._other_ids:
            return False
        return self._bare(text) == self._bare(self.bundle.room.template)

    @cached_property
    def _other_ids(self) -> frozenset[str]:
        """The ids of other things than rooms, as the payloads and the paths of the contracts have them."""
        fields = documented.fields(documented.of_events(self.bundle)) | documented.params(self.bundle)
        keys = {fold(self.bundle.room.key), "id"}
        return frozenset(fold(name) for name in fields if re.search(r"Id$|_id$", name)) - keys

    def _bare(self, text: str) -> str:
        return re.sub(rf"{PLACEHOLDER}$|{ID}$|\{{\}}$", "*", text)

    def room_as_documented(self, text: str) -> str:
        """A room's name as written, with its subject kept and everything else as documented."""
        subject = (
            None
            if self._bare(text) == self._bare(self.bundle.room.template)
            else re.search(rf"{PLACEHOLDER}$|{ID}$", text)
        )
        prefix = self.bundle.room.template.split("{")[0]
        return prefix + subject[0] if subject else self.bundle.room.template


def of(bundle: Bundle) -> Vocabulary:
    """The names of a bundle, made once: rules and readers ask for the same."""
    made = _MADE.get(id(bundle))
    if made is None or made.bundle is not bundle:
        while len(_MADE) >= MOST:
            _MADE.pop(next(iter(_MADE)))
        made = _MADE[id(bundle)] = Vocabulary(bundle)
    return made


MOST = 4
"""Bundles whose names are kept."""
_MADE: dict[int, Vocabulary] = {}


def slip(word: str, meant: str) -> bool:
    """Whether a word is another with a letter or two off."""
    if min(len(word), len(meant)) < SHORT:
        return False
    return difflib.SequenceMatcher(None, word, meant).ratio() >= CLOSE


def _parting(name: str) -> str | None:
    """What parts the words of a name: the first sign between them, or capitals; None for a single word."""
    sign = re.search(r"[^A-Za-z0-9]", name)
    if sign is not None:
        return sign[0]
    return "capitals" if re.search(r"[a-z0-9][A-Z]", name) else None


def _by_letters(names: Iterable[str]) -> dict[str, str]:
    """Names by what they fold to; of several with the same letters the first of the alphabet, in every run."""
    return {fold(name): name for name in sorted(names, reverse=True)}


@lru_cache(maxsize=8192)
def fold(name: str) -> str:
    """A name in small letters without separators."""
    return re.sub(r"[^a-z0-9]", "", name.lower())
