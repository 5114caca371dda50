"""Who receives a broadcast, as a contract writes it: a group, whom a field names, or several of these."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, TypedDict, cast

from contracts.faults import Fault, line_of
from contracts.model import Address, Bundle, Group, Receivers
from contracts.pointer import lacking
from contracts.schema import Schema


def receivers_of(written: str | dict[str, str] | list[Any]) -> tuple[Receivers, tuple[Group | Address, ...]]:
    """The receivers of a broadcast, and the parts of those that are not one group alone."""
    if isinstance(written, str):
        return cast("Receivers", written), ()
    return "addressed", tuple(map(_part, written if isinstance(written, list) else [written]))


def _part(written: str | dict[str, str]) -> Group | Address:
    if isinstance(written, str):
        return cast("Group", written)
    ((kind, at),) = written.items()
    return Address(kind="user" if kind == "user" else "socket", at=at)


class Sender(TypedDict):
    """Where a broadcast names who caused it, and by what."""

    sender: str | None
    sender_is: Literal["user", "socket"]


def sender_of(written: str | dict[str, str] | None) -> Sender:
    """The field that names the user or the socket that caused a broadcast; a bare name is one of a user."""
    if isinstance(written, dict):
        ((kind, field),) = written.items()
        return Sender(sender=field, sender_is="socket" if kind == "socket" else "user")
    return Sender(sender=written, sender_is="user")


def address_faults(bundle: Bundle) -> Iterator[Fault]:
    """Receivers that a field of the cause is to name, where the payload of the cause has no such field."""
    for broadcast in bundle.broadcasts():
        schema = _payload_of_cause(bundle, broadcast.caused_by_event, broadcast.caused_by_call)
        for group in broadcast.groups:
            if not isinstance(group, Address) or schema is None:
                continue
            missing = lacking(schema.document, group.at)
            if missing is not None:
                path = Path(bundle.events[broadcast.event].place)
                yield Fault(
                    file=path,
                    line=line_of(path, ("server_to_client", "receivers")),
                    message=f"the {group.kind} that receives it is named at `{group.at}` of its cause, "
                    f"whose payload {missing}",
                )


def _payload_of_cause(bundle: Bundle, event: str | None, call: str | None) -> Schema | None:
    request = bundle.request(event or "")
    if request is not None:
        return request.payload
    return bundle.calls[call].body if call is not None and call in bundle.calls else None
