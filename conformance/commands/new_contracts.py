"""`contracts new`: asks for what no flag says, and writes a first bundle that is in order."""

from __future__ import annotations

import json
import os
import shlex
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any

import typer

from conformance.commands.shell import counted, die, faults, say
from conformance.commands.writing import refuse_what_is_there, write_bundle
from conformance.support.errors import UsageError
from contracts.slips import RESERVED
from contracts.starter import Draft, Format, documents

RECEIVERS = ("room", "room-but-sender", "everyone", "everyone-but-sender")
TYPES = ("string", "number", "integer", "boolean", "object", "array")
FORMATS: tuple[Format, ...] = ("json", "yaml")
URL = "http://127.0.0.1:3000"
"""Where the service of Socket.IO's tutorial listens."""
NOBODY_ENTERS = (
    "note: no request enters a room, so that a check cannot tell what holds in rooms: add `membership`: `enter` to the"
    " `effect` of one, or say `entered_by` of the room"
)

Names = Annotated[
    list[str] | None,
    typer.Option(
        "--event",
        metavar="NAME[=BROADCAST]",
        help="An event of clients and the broadcast that it causes; of the same name without BROADCAST.",
    ),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What the flags say."""

    path: str
    namespace: str
    room: str | None
    enter: str | None
    leave: str | None
    events: tuple[str, ...]
    requests: tuple[str, ...]
    broadcasts: tuple[str, ...]
    errors: str | None
    receivers: str | None
    fields: tuple[str, ...]
    bare: bool
    ack: str | None
    room_id: str

    @property
    def has_events(self) -> bool:
        """Whether any event is named."""
        return bool(self.events or self.requests or self.broadcasts or self.enter)


def new(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder of the bundle.")],
    path: Annotated[str, typer.Option(help="The path of Socket.IO.")] = "/socket.io/",
    namespace: Annotated[str, typer.Option(help="The namespace of Socket.IO.")] = "/",
    room: Annotated[
        str | None, typer.Option(metavar="TEMPLATE", help="How rooms are named, such as room:{room}; none without it.")
    ] = None,
    enter: Annotated[str | None, typer.Option(metavar="NAME", help="The event that enters a room.")] = None,
    leave: Annotated[str | None, typer.Option(metavar="NAME", help="The event that leaves a room.")] = None,
    event: Names = None,
    request: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="An event of clients that an ack answers.")
    ] = None,
    broadcast: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="An event of the service with another cause.")
    ] = None,
    errors: Annotated[str | None, typer.Option(metavar="NAME", help="The event that answers bad requests.")] = None,
    receivers: Annotated[
        str | None, typer.Option(metavar="WHO", help=f"Who receives broadcasts: {', '.join(RECEIVERS)}.")
    ] = None,
    field: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME[:TYPE]", help="A field of payloads besides the room; text without it."),
    ] = None,
    bare: Annotated[bool, typer.Option("--bare", help="Payloads are one text, and no object with fields.")] = False,
    ack: Annotated[
        str | None,
        typer.Option(metavar="JSON", help='Requests are acked; a good ack is like {"ok": true}. {} is like any.'),
    ] = None,
    room_id: Annotated[
        str, typer.Option(metavar="TYPE", help="How payloads name the room: string or integer.")
    ] = "string",
    form: Annotated[str, typer.Option("--format", metavar="FORMAT", help="json or yaml.")] = "json",
    schema: Annotated[
        bool, typer.Option("--schema/--no-schema", help="Write the schemas by which editors complete the files.")
    ] = True,
) -> None:
    """Write a first bundle of contracts, from flags or by asking.

    Nothing that is there is overwritten.
    """
    with faults():
        wish = Wish(
            path=path, namespace=namespace, room=room, enter=enter, leave=leave, events=tuple(event or ()),
            requests=tuple(request or ()), broadcasts=tuple(broadcast or ()), errors=errors, receivers=receivers,
            fields=tuple(field or ()), bare=bare, ack=ack, room_id=room_id,
        )  # fmt: skip
        if not wish.has_events:
            if not sys.stdin.isatty():
                die("--event: which events do clients emit? Give it once for each, such as --event say=said", 2)
            refuse_what_is_there(folder, ["bundle"])
            wish = _asked(wish)
        chosen = next((one for one in FORMATS if one == form), None)
        if chosen is None:
            die(f"--format: expected {' or '.join(FORMATS)}, got {form!r}", 2)
        made = documents(_draft(folder, wish))
        write_bundle(folder, made, chosen, schema=schema)
        _tell(folder, list(made), chosen, dark=bool(wish.room and not wish.enter))


def _asked(wish: Wish) -> Wish:
    """The wish with the answers to what no flag says."""
    path = typer.prompt("Path of Socket.IO", default=wish.path)
    namespace = typer.prompt("Namespace", default=wish.namespace)
    room = wish.room or typer.prompt("Names of rooms, such as room:{room} (empty: no rooms)", default="") or None
    enter, leave, room_id = wish.enter, wish.leave, wish.room_id
    if room:
        enter = enter or typer.prompt("Event that enters a room (empty: none)", default="") or None
        room_id = "integer" if typer.confirm("Do payloads name rooms by integers", default=False) else room_id
        leave = leave or typer.prompt("Event that leaves a room (empty: none)", default="") or None
    events: list[str] = []
    while name := typer.prompt("Event that clients emit (empty: no more)", default="", show_default=False):
        told = typer.prompt("Broadcast that it causes (empty: none, an ack answers it)", default=name)
        events.append(f"{name}={told}" if told.strip() else name)
    bare = wish.bare or typer.confirm("Are payloads one text, and no object with fields", default=False)
    ack = wish.ack or typer.prompt('What a good ack carries, such as {"ok": true} (empty: no acks)', default="") or None
    return replace(
        wish, path=path, namespace=namespace, room=room, enter=enter, leave=leave, events=tuple(events), bare=bare,
        ack=ack, room_id=room_id,
    )  # fmt: skip


def _draft(folder: Path, wish: Wish) -> Draft:
    """What the words mean.

    Raises:
        UsageError: one cannot be used.
    """
    if not wish.has_events:
        raise UsageError("a bundle has at least one event: name one with --event")
    pairs = [one.partition("=") for one in wish.events]
    fields = [one.partition(":") for one in wish.fields] or [("text", "", "")]
    for name, _, kind in fields:
        if not name or kind not in ("", *TYPES):
            raise UsageError(
                f"--field: expected NAME or NAME:TYPE with one of {', '.join(TYPES)}, got {name!r}:{kind!r}"
            )
    if wish.receivers not in (None, *RECEIVERS):
        raise UsageError(f"--receivers: expected one of {', '.join(RECEIVERS)}, got {wish.receivers!r}")
    if wish.room_id not in ("string", "integer"):
        raise UsageError(f"--room-id: expected string or integer, got {wish.room_id!r}")
    if wish.bare and wish.fields:
        raise UsageError("--field: has no meaning beside --bare, whose payloads are one text without fields")
    draft = Draft(
        name=bundle_name(folder),
        path=_slashed(wish.path),
        namespace="/" + wish.namespace.removeprefix("/"),
        room=_template(wish.room),
        enter=wish.enter,
        leave=wish.leave,
        events=tuple((name, told or name) for name, _, told in pairs),
        requests=wish.requests,
        broadcasts=wish.broadcasts,
        errors=wish.errors,
        receivers=wish.receivers,
        fields=tuple((name, kind or "string") for name, _, kind in fields),
        bare=wish.bare,
        acks=wish.ack is not None,
        ack=_example(wish.ack),
        numbers=wish.room_id == "integer",
    )
    _refuse_bad(draft)
    return draft


def _refuse_bad(draft: Draft) -> None:
    """Raise a UsageError where a draft makes no bundle."""
    for name in draft.names():
        if not name.strip() or not name.isprintable():
            raise UsageError(f"expected the name of an event, got {name!r}")
        if name in RESERVED:
            raise UsageError(f"`{name}` is an event of Socket.IO itself: nobody emits it, and no contract describes it")
    options = {"--enter": draft.enter, "--leave": draft.leave}
    if draft.receivers and draft.receivers.startswith("room"):
        options["--receivers"] = draft.receivers
    for option, value in options.items():
        if value is not None and draft.room is None:
            raise UsageError(f"{option}: needs the names of rooms, such as --room 'room:{{room}}'")
    requests = [draft.enter, draft.leave, *(name for name, _ in draft.events), *draft.requests]
    twice = next((name for name in requests if name is not None and requests.count(name) > 1), None)
    if twice is not None:
        raise UsageError(f"`{twice}` is named twice as an event of clients: one contract says all that it does")
    sent = {told for _, told in draft.events} | {draft.errors}
    again = next((name for name in draft.broadcasts if name in sent), None) or (
        draft.errors if draft.errors in {told for _, told in draft.events} else None
    )
    if again is not None:
        raise UsageError(f"`{again}` is named twice as an event of the service: one contract says all that it is")
    if draft.key in {name for name, _ in draft.fields}:
        raise UsageError(f"--field: {draft.key!r} is the field that names the room already")


def _template(room: str | None) -> str | None:
    if room is None:
        return None
    inside = room.replace("{", "\0").replace("}", "\0").split("\0")
    if len(inside) != 3 or not inside[1] or room.find("{") > room.find("}"):
        raise UsageError(
            f"--room: expected a name with its id in braces, such as 'room:{{room}}' or '{{room}}', got {room!r}"
        )
    return room


def _example(ack: str | None) -> Any:
    """What a good ack carries."""
    try:
        return None if ack is None else json.loads(ack)
    except ValueError:
        raise UsageError(
            f"""--ack: expected what a good ack carries, as JSON such as '{{"ok": true}}', got {ack!r}"""
        ) from None


def _slashed(path: str) -> str:
    """A path with a slash at either end, as Socket.IO has it."""
    return f"/{path.strip('/')}/" if path.strip("/") else "/socket.io/"


def named(folder: Path) -> str:
    """The folder as commands take it: a bundled name alone would be that bundle."""
    from contracts.load import bundled

    return f"./{folder}" if str(folder) in bundled() else str(folder)


def bundle_name(folder: Path) -> str:
    """The name of a folder as that of a bundle."""
    name = "".join(
        one if one.isalnum() and one.isascii() else "-" for one in os.path.basename(os.path.realpath(folder)).lower()
    )
    return "-".join(filter(None, name.split("-"))) or "contracts"


def _tell(folder: Path, names: list[str], form: Format, *, dark: bool) -> None:
    """Say what was written and what comes next; `dark` where nobody enters the rooms."""
    say(f"{folder}: a bundle of {counted(len(names) - 1, 'event')}; edit what is `to be written`:")
    for name in names:
        say(f"  {folder / f'{name}.{form}'}")
    if dark:
        say(NOBODY_ENTERS)
    place = shlex.quote(named(folder))
    say(f"next: roomcheck contracts validate {place}")
    say(f"      roomcheck check {URL} --contracts {place}")
