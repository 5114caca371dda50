"""What the command `fuzz` does: it sends a service what its contracts forbid, and reports as a check does."""

from __future__ import annotations

import ipaddress
import json
import shlex
import socket
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from conformance.commands import check
from conformance.commands.check import CheckOptions, again_words, on_target, order_of, prepared
from conformance.journal import records as journals
from conformance.journal.records import Journal
from conformance.support.errors import UsageError
from conformance.support.interrupt import current
from conformance.target.target import Target
from contracts.model import Bundle

if TYPE_CHECKING:
    from rich.console import Console

    from conformance.engine.fuzz import Fuzz, FuzzRequest
    from conformance.plan.fuzzing import Forbidden

USUAL_COUNT = 500
"""Values that are sent unless told otherwise: at the usual rate well under a minute."""

USUAL_RATE_PER_S = 50.0
"""Events and calls in a second: what a service on a laptop takes without noticing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FuzzOptions:
    """The options of `fuzz`, as they were given."""

    check: CheckOptions
    """Those that it has in common with a check."""
    count: int = USUAL_COUNT
    rate_per_s: float = USUAL_RATE_PER_S
    only: tuple[str, ...] = ()
    """The values to be sent in place of generated ones: an event and its arguments as JSON."""
    owned: bool = False
    """Whether who runs it has said that the target is their own."""


def run(ask: FuzzOptions, talk: Console, *, quiet: bool) -> Journal:
    """Fuzz a service and return the journal, as `check.run` does.

    Raises:
        UsageError, ContractError, Unreachable: after the journal and the reports say so.
        KeyboardInterrupt: there was an interrupt before anything was sent; journal and reports say so, too.
    """
    return check.run(ask.check, talk, quiet=quiet, body=partial(_body, ask, quiet))


def _body(ask: FuzzOptions, quiet: bool, _: CheckOptions, write: journals.Write, talk: Console) -> None:
    from conformance.engine.check import footer
    from conformance.engine.fuzz import concluded

    course = _played(ask, write, talk, quiet=quiet)
    result, code = concluded(course)
    write(footer(result, code))


def _played(ask: FuzzOptions, write: journals.Write, talk: Console, *, quiet: bool) -> Fuzz:
    """Send everything, until it is over or interrupted."""
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

    from conformance.engine.fuzz import begun, play
    from conformance.support.event_loop import on_uvloop

    with current().raising():
        aimed, chosen = prepared(ask.check, talk)
        if aimed.target is not None and not ask.owned:
            only_own(aimed.target)
        values = values_of(ask, aimed.bundle)
    runs: list[Fuzz] = []
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    with Progress(*columns, console=talk, transient=True, disable=quiet or not talk.is_terminal) as bar:

        async def played(target: Target) -> None:
            task = bar.add_task(f"fuzzing {target.url}", total=len(values))
            order = replace(order_of(ask.check, aimed, chosen, target), rate_per_s=ask.rate_per_s)
            runs.append(begun(_request(ask, order, values), write))
            await play(runs[0], lambda sent, total: bar.update(task, completed=sent, total=total))

        try:
            on_uvloop(on_target(ask.check, aimed, played), quiet=True)
        except KeyboardInterrupt:
            if not runs:
                raise
    return runs[0]


def _request(ask: FuzzOptions, order: Any, values: Sequence[Forbidden]) -> FuzzRequest:
    from conformance.engine.fuzz import FuzzRequest, fuzzing_rules

    words = again_words(ask.check, "fuzz")

    def again(some: Sequence[Forbidden]) -> str:
        own = ["--i-own-this-target"] if ask.owned else []
        given = [*words, *own, *(word for one in some for word in ("--only", str(one)))]
        return " ".join(f'"{one}"' if one.startswith("$ROOMCHECK_") else shlex.quote(one) for one in given)

    made = replace(order, rules=fuzzing_rules(), command="fuzz", again=words)
    return FuzzRequest(check=made, values=tuple(values), again=again, is_written=bool(ask.only))


# --- what is sent --------------------------------------------------------------------------------------------------


def values_of(ask: FuzzOptions, bundle: Bundle) -> list[Forbidden]:
    """What is sent: what was written, or as many generated values as were asked for.

    Raises:
        UsageError: what was written is nothing that the contracts forbid; or they forbid nothing.
    """
    from conformance.plan.fuzzing import forbidden

    if ask.only:
        return [_written(bundle, text) for text in ask.only]
    found = list(islice(forbidden(bundle, ask.check.seed), ask.count))
    if not found:
        raise UsageError(
            f"{bundle.place}: these contracts forbid nothing that can be sent: no client emits an event, and no call"
            " has a body; write schemas for what the service takes"
        )
    return found


def _written(bundle: Bundle, text: str) -> Forbidden:
    from conformance.plan.fuzzing import value_of

    names = sorted([*(one.event for one in bundle.requests()), *bundle.calls], key=len, reverse=True)
    name = next((one for one in names if text == one or text.startswith(f"{one} ")), None)
    if name is None:
        raise UsageError(f"--only: expected an event or a call and JSON, got {text!r}; there are {', '.join(names)}")
    rest, args = text[len(name) :].strip(), []
    while rest:
        try:
            value, end = json.JSONDecoder().raw_decode(rest)
        except json.JSONDecodeError as error:
            raise UsageError(f"--only: {rest!r} is not JSON: {error.msg}") from error
        args.append(value)
        rest = rest[end:].strip()
    made = value_of(bundle, name, tuple(args))
    if made is None:
        raise UsageError(f"--only: the contract of {name!r} allows {text[len(name) :].strip() or 'no argument'}")
    return made


# --- whose service it is -------------------------------------------------------------------------------------------


def only_own(target: Target) -> None:
    """Refuse a target that is neither on this machine nor in a private network.

    Raises:
        UsageError: an address of it is public, or its name is not known.
    """
    for url in dict.fromkeys([*target.urls, *([target.api_url] if target.api_url else []), *target.api_urls]):
        host = urlsplit(url).hostname or ""
        for address in _addresses(host):
            if not (address.is_loopback or address.is_private or address.is_link_local):
                named = host if host == str(address) else f"{host} is {address}, which"
                raise UsageError(
                    f"{named} is neither on this machine nor in a private network: fuzz only a"
                    " service of your own, and say so with --i-own-this-target"
                )


def _addresses(host: str) -> list[ipaddress.IPv4Address | ipaddress.IPv6Address]:
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise UsageError(f"the address of {host!r} is not known ({error}), so nothing is sent to it") from error
    return [ipaddress.ip_address(str(one[4][0]).partition("%")[0]) for one in found]
