"""What the settings of a target mean: its table with the variables of the environment, as a `Target`.

Texts may hold `${NAME}`, a variable of the environment. How the file is found and read: `settings_file.py`.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from conformance.model.ids import FORMS
from conformance.model.known_failure import Known
from conformance.support.errors import UsageError
from conformance.support.suggest import nearest
from conformance.target.auth import auth_of, tls_of
from conformance.target.secrets import Secrets
from conformance.target.settings_file import FILE, PROJECT, find, line_of, read, secret_keys
from conformance.target.target import CALL_S, CONNECT_S, Target, address
from conformance.target.triggers import API, Triggers, fault
from contracts.folder import heads
from contracts.load import trigger
from contracts.model import Bundle

VARIABLE = re.compile(r"\$\{(\w+)\}")
SECRET_NAMES = ("auth", "cookie", "token", "key", "secret", "password")
"""Words in the name of a header whose value is a secret."""

GUARDED = ("auth", "headers", "triggers", "observers")
"""Tables in which a variable of the environment holds a secret."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetTable:
    """One target's table, with the variables of the environment."""

    name: str
    place: Path
    text: str = field(repr=False)
    table: Mapping[str, Any] = field(repr=False)

    @property
    def where(self) -> str:
        """The name of the table."""
        return f"targets.{self.name}"


def chosen(name: str, named: Path | None, secrets: Secrets) -> TargetTable:
    """The table of a target; what is secret of it is noted.

    Raises:
        UsageError: there are no settings, they are wrong, or they name no such target.
    """
    path = find(named)
    if path is None:
        raise UsageError(f"--target {name}: there is no {FILE} here or above; `roomcheck init` writes one")
    text, document = read(path, "settings", under=("tool", "roomcheck") if path.name == PROJECT else ())
    targets = document.get("targets", {})
    if name not in targets:
        hint = nearest(name, targets, f"it has {', '.join(targets) or 'none'}")
        raise UsageError(f"--target: {path} has no target {name!r}; {hint}")
    written = TargetTable(name=name, place=path, text=text, table=targets[name])
    table = _filled(written, secrets)
    secrets.add(*_secret_values(table))
    return replace(written, table=table)


def _filled(chosen: TargetTable, secrets: Secrets) -> dict[str, Any]:
    """The table with the variables of the environment; what they hold of identities and calls is secret.

    Raises:
        UsageError: a variable is not set.
    """

    def fill(value: Any, where: tuple[str, ...]) -> Any:
        match value:
            case str():
                return VARIABLE.sub(lambda found: variable(found[1], where), value)
            case dict():
                return {key: fill(inner, (*where, key)) for key, inner in value.items()}
            case list():
                return [fill(inner, where) for inner in value]
            case _:
                return value

    def variable(name: str, where: tuple[str, ...]) -> str:
        if name not in os.environ:
            line = line_of(chosen.text, ("targets", chosen.name, *where))
            path = ".".join((chosen.where, *where))
            raise UsageError(f"{chosen.place}:{line}: {path}: the environment has no variable {name}; set it")
        if where[0] in GUARDED:
            secrets.add(os.environ[name])
        return os.environ[name]

    return {key: fill(value, (key,)) for key, value in chosen.table.items()}


def _secret_values(table: Mapping[str, Any]) -> Iterator[str]:
    """What nobody may read: tokens, keys, passwords, and headers that look like any of them."""
    auth = table.get("auth", {})
    yield from (auth[name] for name in ("token", "key") if name in auth)
    yield from auth.get("tokens", {}).values()
    triggers = table.get("triggers")
    own = (
        [one["headers"] for one in triggers.values() if isinstance(one, dict) and "headers" in one]
        if isinstance(triggers, dict)
        else []
    )
    for headers in (table.get("headers", {}), *own):
        for name, value in headers.items():
            if any(word in name.lower() for word in SECRET_NAMES):
                yield value
    yield from _credentials_of(table.get("observers", {}))


def _credentials_of(observers: Any) -> Iterator[str]:
    """The passwords in the settings of observers: those of addresses, and those that the schema calls secret."""
    if isinstance(observers, str):
        yield password_in(observers)
    elif isinstance(observers, dict):
        for key, value in observers.items():
            if key in secret_keys() and isinstance(value, str):
                yield value
            yield from _credentials_of(value)


REDIS_URL = re.compile(r"rediss?://[^/]|unix://")


def password_in(url: str) -> str:
    """The password in an address; empty where it has none."""
    found = re.match(r"^\w+://[^/@]*:([^/@]*)@", url)
    return found[1] if found else ""


def contracts_of(chosen: TargetTable) -> str | None:
    """The contracts that a target names: a bundled name, or a folder beside the settings."""
    name = chosen.table.get("contracts")
    if name is None:
        return None
    beside = chosen.place.parent / name
    return str(beside) if heads(beside) else str(name)


def target_of(chosen: TargetTable, bundle: Bundle, secrets: Secrets) -> Target:
    """The target that a table describes.

    Raises:
        UsageError: a value cannot be meant.
    """
    table = chosen.table
    timeouts = table.get("timeouts", {})
    made = Target(
        urls=tuple(address(url, f"{chosen.where}.realtime_urls") for url in table["realtime_urls"]),
        api_url=address(table["api_url"], f"{chosen.where}.api_url") if "api_url" in table else None,
        auth=auth_of(table.get("auth", {"kind": "none"}), chosen.place.parent, f"{chosen.where}.auth", secrets),
        path=table.get("path", bundle.path).rstrip("/") + "/",
        namespace=table.get("namespace", bundle.namespace),
        parser=table.get("parser", "default"),
        headers=table.get("headers", {}),
        triggers=_triggers(table.get("triggers", API)),
        observers=table.get("observers", {}),
        tls=tls_of(table.get("tls", {}), chosen.place.parent, f"{chosen.where}.tls"),
        connect_s=timeouts.get("connect_s", CONNECT_S),
        call_s=timeouts.get("call_s", CALL_S),
        wait_for_s=table.get("wait_for_s", 0.0),
        deadlines={name: round(1000 * seconds) for name, seconds in timeouts.get("events", {}).items()},
        name=chosen.name,
        gates=tuple(table.get("gates", ())),
        id_forms=tuple(table.get("id_forms", FORMS)),
    )
    for event in made.deadlines:
        if event not in bundle.events:
            hint = nearest(event, bundle.events, "`roomcheck contracts list` names them")
            raise UsageError(f"{chosen.where}.timeouts.events: no event is called {event!r}; {hint}")
    checked(made, bundle, f"{chosen.where}.triggers")
    return made


def checked(target: Target, bundle: Bundle, where: str) -> None:
    """Refuse triggers that cannot be used.

    Raises:
        UsageError: says what is wrong with them.
    """
    wrong = fault(bundle, target.triggers)
    if wrong:
        raise UsageError(f"{where}: {wrong}")


def _triggers(written: Any) -> Triggers:
    if isinstance(written, str):
        return Triggers(base=written)
    own = {event: trigger(event, one) if one else None for event, one in written.items() if event != "base"}
    return Triggers(base=written.get("base", API), own=own)


def known_failures(path: Path) -> tuple[Known, ...]:
    """The entries of a file of known failures.

    Raises:
        UsageError: it cannot be read, or an entry is wrong.
    """
    text, document = read(path, "known_failures")
    made = []
    for number, entry in enumerate(document["known"]):
        line = line_of(text, ("known", number))
        try:
            date.fromisoformat(entry.get("expires", "2000-01-01"))
        except ValueError as error:
            raise UsageError(f"{path}:{line}: expires: expected a date such as 2027-01-31: {error}") from error
        made.append(Known(**entry, place=f"{path}:{line}"))
    for (rule, subject), count in Counter((one.rule, one.subject) for one in made).items():
        if count > 1:
            raise UsageError(f"{path}: {rule} {subject!r} is listed twice")
    return tuple(made)
