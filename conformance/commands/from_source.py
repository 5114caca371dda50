"""`contracts infer --source`: contracts of what source code says, by the readers of `align`."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conformance.align.gather import gather
from conformance.align.model import Claim, Field
from conformance.inference.documents import Inferred
from conformance.inference.seen import is_name
from contracts.roomless import no_contracts
from contracts.slips import RESERVED
from contracts.starter import file_names

if TYPE_CHECKING:
    from contracts.starter import Documents

LONGEST_HANDLER = 80
"""Lines after the head of a handler within which an `emit` is taken for its effect."""
TYPES = ("string", "number", "boolean", "object", "array", "null")
AUDIENCES = {"everyone-with-sender": "everyone", "others": "everyone-but-sender", "room": "room", "sender": "requester"}
TO_ROOM = {"everyone-with-sender": "room", "others": "room-but-sender", "room": "room"}
GUESSED = "who receives it and what causes it is guessed from where it stands in the code: see that it is so"


@dataclass(slots=True, kw_only=True)
class Code:
    """What source code says, by file."""

    events: list[Claim]
    rooms: list[Claim]
    others: list[Claim]
    """Names of rooms of other kinds."""
    template: str | None
    """How rooms are named, with the key in braces; None where code names none."""

    @property
    def key(self) -> str:
        """The field that names a room."""
        return self.template.partition("{")[2].partition("}")[0] if self.template else ""

    def handlers(self, event: str) -> Iterator[tuple[Claim, int]]:
        """(the head of a handler, the line at which another one begins)."""
        for claim in self.events:
            if claim.subject == event and claim.direction == "to-server" and claim.how != "event map":
                later = [
                    one.place.line
                    for one in self.events
                    if one.place.file == claim.place.file
                    and one.direction == "to-server"
                    and one.place.line > claim.place.line
                ]
                yield claim, min([*later, claim.place.line + LONGEST_HANDLER])

    def inside(self, claims: Sequence[Claim], event: str) -> list[Claim]:
        """Those claims that stand in a handler of an event."""
        return [
            one
            for head, end in self.handlers(event)
            for one in claims
            if one.place.file == head.place.file and head.place.line <= one.place.line < end
        ]

    def is_to_room(self, claim: Claim, rooms: Sequence[Claim] | None = None) -> bool:
        """Whether an `emit` goes to a room, or to one of these."""
        at = claim.place
        named = self.rooms if rooms is None else rooms
        return any(one.place.file == at.file and one.place.line == at.line for one in named)


def inferred_from_source(folders: Sequence[Path], name: str, path: str | None, namespace: str | None) -> Inferred:
    """Make contracts of what source code says.

    Raises:
        UsageError: a path is not there, or has no source.
    """
    gathered = gather(no_contracts(), (), folders)
    events = [
        one
        for one in gathered.evidence.stated("event")
        if one.direction is not None and is_name(one.subject) and one.subject not in RESERVED
    ]
    rooms = list(gathered.evidence.stated("room"))
    templates = Counter(one.subject for one in rooms if one.subject.count("{") == 1 and "}" in one.subject)
    template = templates.most_common(1)[0][0] if templates else None
    code = Code(
        events=events,
        rooms=[one for one in rooms if one.subject == template],
        others=[one for one in rooms if one.subject != template],
        template=template,
    )
    made = Inferred(notes=list(gathered.faults))
    made.notes += [
        f"rooms named {other}: another kind, which is not written" for other in templates if other != template
    ]
    documents = _documents(code, made, folders)
    stems = file_names(list(documents))
    source = ", ".join(str(folder) for folder in folders)
    head: dict[str, Any] = {
        "bundle": name,
        "title": name.replace("-", " ").capitalize(),
        "version": "0.1.0",
        "summary": f"Read in {source}: what the code says, and no more.",
        "source": source,
        "path": path or "/socket.io/",
        "namespace": namespace or "/",
    }
    if template is not None:
        head["room"] = {"template": template, "key": code.key, "source": source}
    made.documents = {"bundle": head} | {f"events/{stems[event]}": one for event, one in documents.items()}
    return made


def _documents(code: Code, made: Inferred, folders: Sequence[Path]) -> Documents:
    """The documents of events, by name."""
    found: Documents = {}
    caused: dict[str, list[str]] = defaultdict(list)
    parts: dict[str, dict[str, Any]] = defaultdict(dict)
    for event in dict.fromkeys(one.subject for one in code.events if one.direction == "to-server"):
        part = _request(code, event)
        for told in _told(part):
            caused[told].append(event)
        parts[event]["client_to_server"] = part
        if "other" in part["effect"]:
            made.notes.append(
                f"{event}: nothing in its handler shows what comes of it: write its `effect` or its `reply`"
            )
    for event in dict.fromkeys(one.subject for one in code.events if one.direction == "to-client"):
        parts[event]["server_to_client"] = _broadcast(code, event, caused[event])
        made.notes.append(f"{event}: {GUESSED}")
    for event, some in sorted(parts.items()):
        places = [str(one.place) for one in code.events if one.subject == event]
        found[event] = {
            "event": event,
            "summary": f"To be written: what `{event}` means.",
            "source": places[0].rpartition(":")[0],
            **some,
        }
        made.counts[event] = {way: {"seen": len(places)} for way in some}
    return found


def _told(part: dict[str, Any]) -> list[str]:
    told = part.get("effect", {}).get("broadcast", [])
    return [told] if isinstance(told, str) else list(told)


def _request(code: Code, event: str) -> dict[str, Any]:
    """What the handlers of an event say of it."""
    sent = [one for one in code.events if one.direction == "to-client" and one.how != "event map"]
    told = sorted({one.subject for one in code.inside(sent, event)})
    moves = {
        one.how for one in code.inside(code.rooms, event) if one.how in ("join", "leave") and not _sends(code, one)
    }
    effect: dict[str, Any] = {"broadcast": told if len(told) > 1 else told[0]} if told else {}
    if len(moves) == 1:
        effect["membership"] = "enter" if "join" in moves else "leave"
    claims = [one for one in code.events if one.subject == event and one.direction == "to-server"]
    about = "membership" in effect or any(code.is_to_room(one) for one in code.inside(sent, event))
    carried = _carried(claims, required=None, key=code.key if about else "")
    effect = effect or {"other": "to be written: nothing in the code shows what comes of it"}
    return {"effect": effect} | carried | {"examples": {"invalid": []}}


def _sends(code: Code, room: Claim) -> bool:
    """Whether a room is named where something is sent to it."""
    at = room.place
    return any(
        one.direction == "to-client" and one.place.file == at.file and one.place.line == at.line for one in code.events
    )


def _broadcast(code: Code, event: str, causes: Sequence[str]) -> dict[str, Any]:
    """What the places say that emit an event."""
    claims = [one for one in code.events if one.subject == event and one.direction == "to-client"]
    emits = [one for one in claims if one.how != "event map"]
    audiences = {
        None
        if code.is_to_room(one, code.others)
        else (TO_ROOM if code.is_to_room(one) else AUDIENCES).get(one.audience or "")
        for one in emits
    }
    (whom,) = audiences if len(audiences) == 1 else (None,)
    fields = [{field.name for field in one.payload.fields} for one in emits if one.payload and one.payload.whole]
    sure = set.intersection(*fields) if fields and len(fields) == len(emits) else set()
    key = code.key if whom in ("room", "room-but-sender") else ""
    if key and not any(key in one for one in fields):
        key, whom = "", None
    part: dict[str, Any] = {"receivers": whom or "everyone"} | ({} if whom else {"volatile": True})
    if not causes:
        part["caused_by"] = {"other": "to be written: nothing in the code shows what causes it"}
        if whom == "requester":
            part |= {"receivers": "everyone", "volatile": True}
    return part | _carried(claims, required=sure, key=key)


def _carried(claims: Sequence[Claim], *, required: set[str] | None, key: str) -> dict[str, Any]:
    """The payload that claims show; whatever they do not show may be anything.

    Args:
        required: the fields that have to be there; None for all that are not said to be optional.
        key: a field that names a room; empty where none does.
    """
    shown: dict[str, list[Field]] = defaultdict(list)
    for claim in claims:
        for field in claim.payload.fields if claim.payload else ():
            shown[field.name].append(field)
    properties = {name: _schema(some) for name, some in shown.items()}
    if key:
        properties[key] = {"type": "string", "minLength": 1}
    if not properties:
        return {"args": [{"title": "arg1"}]} if any(one.how != "event map" for one in claims) else {"args": []}
    wanted = [
        name
        for name in properties
        if name == key
        or (name in required if required is not None else not any(field.optional for field in shown[name]))
    ]
    return {"payload": {"type": "object", **({"required": wanted} if wanted else {}), "properties": properties}}


def _schema(fields: Sequence[Field]) -> dict[str, Any]:
    """The schema of a field, where all places that show it say the same."""
    values = [value for field in fields for value in field.values]
    if values and all(isinstance(value, str) for value in values):
        return {"type": "string", "enum": list(dict.fromkeys(values))}
    shapes = {field.shape for field in fields} - {"unknown"}
    (shape,) = shapes if len(shapes) == 1 else ("unknown",)
    return {"type": shape} if shape in TYPES else {}
