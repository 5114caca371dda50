"""Writes the settings of a first target. Secrets are never asked for: the file names variables of the environment."""

from __future__ import annotations

import json
import os
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

from conformance.support import whole_file
from conformance.support.errors import UsageError
from conformance.target.auth import auth_of
from conformance.target.secrets import Secrets
from conformance.target.settings_file import FILE, algorithms
from conformance.target.target import address
from conformance.target.triggers import API, NONE
from contracts import files

REDIS = "redis://127.0.0.1:6379/0"
KINDS = {
    "none": ('kind = "none"',),
    "token": ('kind = "token"', 'token = "${ROOMCHECK_TOKEN}"'),
    "command": ('kind = "command"', 'command = ["./mint-token", "{user_id}", "{role}"]   # prints a token'),
    "jwt": ('kind = "jwt"',),
}
"""What each kind of identity needs in [auth]; for `jwt`, an algorithm and a key besides."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What was asked."""

    name: str = "local"
    urls: tuple[str, ...]
    api_url: str | None = None
    contracts: str = "sos"
    auth: str | None = None
    algorithm: str | None = None
    key_file: Path | None = None
    """Relative to the working directory."""
    triggers: str | None = None
    redis_url: str | None = None
    admin: bool = False


def shared(algorithm: str) -> bool:
    """Whether an algorithm signs with a secret that the service has, too."""
    return algorithm.startswith("HS")


def written(draft: Draft, folder: Path) -> str:
    """The table of a target, as TOML.

    Args:
        folder: where the settings will be; paths in them are relative to it.

    Raises:
        UsageError: an answer cannot be used.
    """
    if not re.fullmatch(r"[\w-]+", draft.name):
        raise UsageError(f"--target: expected a name of letters, digits, dash and underscore, got {draft.name!r}")
    auth, triggers = draft.auth or "none", draft.triggers or API
    if auth not in KINDS:
        raise UsageError(f"--auth: expected {', '.join(KINDS)}, got {auth!r}")
    urls = [address(url, "--url") for url in draft.urls]
    table = f"targets.{draft.name}"
    lines = [f"[{table}]", f"realtime_urls = {_toml(urls)}"]
    lines += [f"api_url = {_toml(address(draft.api_url, '--api-url'))}"] if draft.api_url else []
    lines += [f"contracts = {_toml(draft.contracts)}", f"triggers = {_toml(triggers)}"]
    lines += ["", f"[{table}.auth]", *KINDS[auth], *_key(draft, auth, folder)]
    if triggers not in (API, NONE):
        lines += ["", f"[{table}.headers]", 'x-internal-token = "${ROOMCHECK_INTERNAL_TOKEN}"']
    lines += ["", f"[{table}.observers]"]
    redis_url = "${ROOMCHECK_REDIS}" if _has_password(draft.redis_url) else draft.redis_url
    lines += [f"redis_url = {_toml(redis_url)}" if redis_url else f'# redis_url = "{REDIS}"']
    lines += ["admin = true"] if draft.admin else ['# admin = {username = "...", password = "${...}"}']
    return "\n".join(lines) + "\n"


def _has_password(redis_url: str | None) -> bool:
    """Whether an address of Redis is not written into settings but stands in a variable: a file is shared, and kept."""
    return "@" in (redis_url or "")


def _key(draft: Draft, auth: str, folder: Path) -> list[str]:
    """The lines that say what tokens are signed with.

    Raises:
        UsageError: it cannot be used, or is not asked for.
    """
    if auth != "jwt":
        given = {"--algorithm": draft.algorithm, "--key-file": draft.key_file}
        for option, value in given.items():
            if value is not None:
                raise UsageError(f"{option}: is only used with --auth jwt")
        return []
    algorithm = draft.algorithm or ("HS256" if draft.key_file is None else "RS256")
    if algorithm not in algorithms():
        raise UsageError(f"--algorithm: expected {', '.join(algorithms())}, got {algorithm!r}")
    line = f"algorithm = {_toml(algorithm)}"
    if draft.key_file is None:
        what = "the shared secret" if shared(algorithm) else 'a PEM private key; or key_file = "key.pem"'
        return [line, f'key = "${{ROOMCHECK_JWT_KEY}}"   # {what}']
    if why := files.unusable(draft.key_file):
        raise UsageError(f"--key-file: {why}")
    place = os.path.relpath(draft.key_file, folder) if not draft.key_file.is_absolute() else str(draft.key_file)
    # What a check would refuse is refused at once.
    auth_of({"kind": "jwt", "algorithm": algorithm, "key_file": place}, folder, "--key-file", Secrets())
    return [line, f"key_file = {_toml(place)}"]


def write(draft: Draft, path: Path, *, force: bool) -> str:
    """Write the settings, or add the target to those that are there; says what was done.

    Raises:
        UsageError: the target is there already, or the file cannot be written.
    """
    text = written(draft, path.parent)
    try:
        before = files.content(path).decode("utf-8") if path.exists() and not force else ""
        known = tomllib.loads(before).get("targets", {})
        if draft.name in known:
            raise UsageError(f"{path} has a target {draft.name!r} already; choose another --target, or --force")
        whole_file.replace(path, (f"{before.rstrip()}\n\n{text}" if before.strip() else text).encode())
    except OSError as error:
        raise UsageError(f"{path}: cannot be written: {error.strerror}") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"{path} is no settings file to add to: {error}; --force writes it anew") from error
    variable = (
        "; set ROOMCHECK_REDIS to the address of Redis, whose password is not written"
        if _has_password(draft.redis_url)
        else ""
    )
    at = "" if path.name == FILE else f" --settings {path}"
    return f"{path}: target {draft.name}; next: roomcheck doctor --target {draft.name}{at}{variable}"


def _toml(value: str | list[str]) -> str:
    """A text or a list of texts: TOML's basic strings are JSON's."""
    return json.dumps(value, ensure_ascii=False)
