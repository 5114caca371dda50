"""`roomcheck serve`: the reference service, or an honest service of any contracts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from conformance.reference.guide import algorithms_of
from conformance.reference.host import dialects, key_of, make, serve_for_ever
from conformance.reference.lie import lies
from conformance.support.descriptors import raise_limit
from conformance.support.errors import UsageError
from conformance.target import settings
from conformance.target.secrets import Secrets
from conformance.target.target import Auth, Target
from contracts.load import DEFAULT_BUNDLE, load

IN_MEMORY = ":memory:"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServeOptions:
    """The options of the command, as they were given."""

    host: str
    port: int
    contracts: str | None = None
    database: str = IN_MEMORY
    lie: str | None = None
    jwt_key: str | None = field(default=None, repr=False)
    jwt_public_key: Path | None = None
    internal_token: str | None = field(default=None, repr=False)
    admin: bool = False
    target: str | None = None
    settings: Path | None = None
    verbose: bool = False


def serve(ask: ServeOptions, say: Callable[[str], None], note: Callable[[str], None]) -> None:
    """Serve until a signal.

    Args:
        say: is given what the service is and where it listens.
        note: is given what it cannot keep, and with `verbose` a line an event.

    Raises:
        UsageError: the options cannot be used.
        ContractError: the contracts cannot.
    """
    if ask.lie == "list":
        for name, kind in lies().items():
            say(f"{name:32} {(kind.__doc__ or '').splitlines()[0]}")
        return None
    raise_limit()
    if (ask.contracts or DEFAULT_BUNDLE) in dialects() and ask.target is None:
        return _reference(ask, say)
    return _of_contracts(ask, say, note)


def _reference(ask: ServeOptions, say: Callable[[str], None]) -> None:
    if ask.verbose:
        raise UsageError("--verbose: the reference service has none; give --contracts the folder of your contracts")
    dialect = ask.contracts or DEFAULT_BUNDLE
    service = make(ask.lie, key_of(ask.jwt_key, ask.jwt_public_key), ask.database, dialect)
    service.admin, service.internal = ask.admin, ask.internal_token
    said = f"telling the lie {ask.lie}" if ask.lie else f"keeping the {dialect} contracts"
    serve_for_ever(ask.host, ask.port, service, said, say)


def _of_contracts(ask: ServeOptions, say: Callable[[str], None], note: Callable[[str], None]) -> None:
    from conformance.server.honesty import not_served, served
    from conformance.server.host import Running
    from conformance.server.service import Service

    for option, given in (("--lie", ask.lie), ("--database", ask.database != IN_MEMORY)):
        if given:
            raise UsageError(f"{option}: only the reference service has it, which keeps {' and '.join(dialects())}")
    if ask.settings is not None and ask.target is None:
        raise UsageError("--settings: name the target, too, with --target")
    secrets = Secrets(ask.jwt_key)
    chosen = settings.chosen(ask.target, ask.settings, secrets) if ask.target is not None else None
    named = settings.contracts_of(chosen) if chosen is not None else None
    bundle = load(ask.contracts or named or DEFAULT_BUNDLE)
    described = settings.target_of(chosen, bundle, secrets) if chosen is not None else None
    described = described or Target(urls=("",), path=bundle.path)
    bundle = replace(bundle, path=described.path)
    key = key_of(ask.jwt_key, ask.jwt_public_key)
    auth = described.auth if key is None else _with_key(described.auth, key)
    # A refusal quotes what a client has sent, a token that it has put into the wrong place included.
    tell = (lambda line: note(secrets.covered(line))) if ask.verbose else lambda line: None
    service = Service(bundle, auth, parser=described.parser, say=tell)
    service.admin = ask.admin
    for line in served(bundle):
        say(line)
    for line in (*not_served(service), *_triggers(described)):
        note(f"not served as documented: {line}")
    serve_for_ever(ask.host, ask.port, Running(service), f"keeping the {bundle.name} contracts", say)


def _triggers(described: Target) -> Iterator[str]:
    """The triggers of the settings."""
    for event in described.triggers.own:
        yield f"{event}: the call of the settings that triggers it is not offered"


def _with_key(auth: Auth, key: str) -> Auth:
    """The identities of a target with another key that tokens are verified with."""
    return replace(auth, key=key, algorithm=algorithms_of(key)[0], token=None, tokens={}, command=())
