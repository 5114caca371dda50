"""From what a person asked for to what is checked: flags over settings, settings over contracts."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

from conformance.model.known_failure import Known
from conformance.support.errors import UsageError
from conformance.target import settings
from conformance.target.auth import tls_of
from conformance.target.secrets import Secrets
from conformance.target.target import Auth, Target, address, target
from conformance.target.triggers import Triggers
from contracts.load import DEFAULT_BUNDLE, load
from contracts.model import Bundle


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetOptions:
    """The options that say what is checked, as they were given."""

    url: str | None = None
    target: str | None = None
    settings: Path | None = None
    api_url: str | None = None
    contracts: str | None = None
    token: str | None = field(default=None, repr=False)
    jwt_key: str | None = field(default=None, repr=False)
    triggers: str | None = None
    known_failures: Path | None = None
    timeout_s: float | None = None
    wait_for_s: float | None = None
    redis_url: str | None = field(default=None, repr=False)
    admin: bool = False
    ca_file: Path | None = None
    insecure: bool = False

    @property
    def embedded(self) -> bool:
        """Whether the service that comes with Roomcheck is meant."""
        return self.url is None and self.target is None


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolvedTarget:
    """What is checked."""

    bundle: Bundle
    target: Target | None
    """None for the embedded service, which has no address yet."""
    known: tuple[Known, ...] = ()
    timeout_s: float | None = None
    secrets: Secrets = field(default_factory=Secrets)
    warnings: tuple[str, ...] = ()


def aim(wish: TargetOptions) -> ResolvedTarget:
    """Find out what is meant.

    Raises:
        UsageError: settings or flags cannot be used.
        ContractError: the contracts cannot.
    """
    secrets = Secrets(wish.token, wish.jwt_key, settings.password_in(wish.redis_url or ""))
    chosen = settings.chosen(wish.target, wish.settings, secrets) if wish.target is not None else None
    if chosen is None and wish.settings is not None:
        raise UsageError("--settings: name the target, too, with --target")
    named = settings.contracts_of(chosen) if chosen else None
    bundle = load(wish.contracts or named or DEFAULT_BUNDLE)
    path = wish.known_failures
    if path is None and chosen and "known_failures" in chosen.table:
        path = chosen.place.parent / chosen.table["known_failures"]
    known = settings.known_failures(path) if path else ()
    timeout_s = wish.timeout_s
    if timeout_s is None and chosen:
        timeout_s = chosen.table.get("timeouts", {}).get("deadline_s")
    if wish.embedded:
        _nothing_for_the_embedded(wish)
        return ResolvedTarget(bundle=bundle, target=None, known=known, timeout_s=timeout_s, secrets=secrets)
    base = settings.target_of(chosen, bundle, secrets) if chosen else _of_flags(wish, bundle)
    made = _with_flags(wish, base, chosen)
    settings.checked(made, bundle, "--triggers")
    insecure = wish.insecure or bool(chosen and chosen.table.get("tls", {}).get("insecure"))
    warnings = ("TLS certificates are not verified",) if insecure else ()
    return ResolvedTarget(
        bundle=bundle, target=made, known=known, timeout_s=timeout_s, secrets=secrets, warnings=warnings
    )


def _nothing_for_the_embedded(wish: TargetOptions) -> None:
    """Refuse options that only say something of a service elsewhere."""
    given = {
        "--api-url": wish.api_url,
        "--token": wish.token,
        "--triggers": wish.triggers,
        "--wait-for": wish.wait_for_s,
        "--redis": wish.redis_url,
        "--admin": wish.admin or None,
        "--ca": wish.ca_file,
        "--insecure": wish.insecure or None,
    }
    for option, value in given.items():
        if value is not None:
            raise UsageError(
                f"{option}: not used with the embedded service; give the URL of a service, or --target, too"
            )


def _of_flags(wish: TargetOptions, bundle: Bundle) -> Target:
    return target(wish.url or "", path=bundle.path, namespace=bundle.namespace)


def _with_flags(wish: TargetOptions, base: Target, chosen: settings.TargetTable | None) -> Target:
    """The target as the flags want it."""
    made = base
    if wish.url is not None:
        made = replace(made, urls=(address(wish.url, "URL"),))
    if wish.api_url is not None:
        made = replace(made, api_url=address(wish.api_url, "--api-url"))
    if wish.token and wish.jwt_key:
        raise UsageError("--token and --jwt-key: give one of them; a key mints a token for each actor")
    if wish.token or wish.jwt_key:
        known = made.auth
        auth = Auth(
            key=wish.jwt_key,
            token=wish.token,
            socket_place=known.socket_place,
            other_places=known.other_places,
            caller_place=known.caller_place,
        )
        made = replace(made, auth=auth)
    if wish.triggers is not None:
        made = replace(made, triggers=Triggers(base=wish.triggers, own=made.triggers.own))
    if wish.wait_for_s is not None:
        made = replace(made, wait_for_s=wish.wait_for_s)
    if wish.redis_url and not settings.REDIS_URL.match(wish.redis_url):
        raise UsageError("--redis: expected an address such as redis://127.0.0.1:6379/0")
    observers = dict(made.observers) | ({"redis_url": wish.redis_url} if wish.redis_url else {})
    observers |= {"admin": observers.get("admin") or True} if wish.admin else {}
    made = replace(made, observers=observers)
    if made.tls is None or wish.ca_file or wish.insecure:
        table = dict(chosen.table.get("tls", {})) if chosen else {}
        table |= {"ca_file": str(wish.ca_file.absolute())} if wish.ca_file else {}
        table |= {"insecure": True} if wish.insecure else {}
        made = replace(made, tls=tls_of(table, chosen.place.parent if chosen else Path(), "--ca"))
    return made


def of_embedded(url: str, key: str) -> Target:
    """The target that the embedded service is: it tells its rooms as the Admin UI does, and is never behind a proxy."""
    return Target(urls=(url,), auth=Auth(key=key), observers={"admin": True}, direct=True)
