"""Writes the settings of a first target. Secrets are never asked for: the file names variables of the environment."""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

from conformance.settings import FILE
from conformance.target import UsageError, address

KINDS = {
    "none": ('kind = "none"',),
    "token": ('kind = "token"', 'token = "${ROOMCHECK_TOKEN}"'),
    "command": ('kind = "command"', 'command = ["./mint-token", "{user_id}", "{role}"]   # prints a token'),
    "jwt": (
        'kind = "jwt"',
        'algorithm = "HS256"              # or RS256, ES256 ... with key_file = "key.pem"',
        'key = "${ROOMCHECK_JWT_KEY}"',
    ),
}
"""What each kind of identity needs in [auth]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What was asked."""

    name: str = "local"
    urls: tuple[str, ...]
    api_url: str | None = None
    contracts: str = "sos"
    auth: str = "none"
    triggers: str = "api"
    redis_url: str | None = None
    admin: bool = False


def written(draft: Draft) -> str:
    """The table of a target, as TOML.

    Raises:
        UsageError: an answer cannot be used.
    """
    if not re.fullmatch(r"[\w-]+", draft.name):
        raise UsageError(f"--target: expected a name of letters, digits, dash and underscore, got {draft.name!r}")
    if draft.auth not in KINDS:
        raise UsageError(f"--auth: expected {', '.join(KINDS)}, got {draft.auth!r}")
    urls = [address(url, "--url") for url in draft.urls]
    table = f"targets.{draft.name}"
    lines = [f"[{table}]", f"realtime_urls = {_toml(urls)}"]
    lines += [f"api_url = {_toml(address(draft.api_url, '--api-url'))}"] if draft.api_url else []
    lines += [f"contracts = {_toml(draft.contracts)}", f"triggers = {_toml(draft.triggers)}"]
    lines += ["", f"[{table}.auth]", *KINDS[draft.auth]]
    if draft.triggers not in ("api", "none"):
        lines += ["", f"[{table}.headers]", 'x-internal-token = "${ROOMCHECK_INTERNAL_TOKEN}"']
    lines += ["", f"[{table}.observers]"]
    lines += (
        [f"redis_url = {_toml(draft.redis_url)}"] if draft.redis_url else ['# redis_url = "redis://127.0.0.1:6379/0"']
    )
    lines += ["admin = true"] if draft.admin else ['# admin = {username = "...", password = "${...}"}']
    return "\n".join(lines) + "\n"


def write(draft: Draft, path: Path, *, force: bool) -> str:
    """Write the settings, or add the target to those that are there; says what was done.

    Raises:
        UsageError: the target is there already, or the file cannot be written.
    """
    text = written(draft)
    try:
        before = path.read_text("utf-8") if path.exists() and not force else ""
        known = tomllib.loads(before).get("targets", {})
        if draft.name in known:
            raise UsageError(f"{path} has a target {draft.name!r} already; choose another --target, or --force")
        path.write_text(f"{before.rstrip()}\n\n{text}" if before.strip() else text, "utf-8")
    except OSError as error:
        raise UsageError(f"{path}: cannot be written: {error.strerror}") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"{path} is no settings file to add to: {error}; --force writes it anew") from error
    at = "" if path.name == FILE else f" --settings {path}"
    return f"{path}: target {draft.name}; next: roomcheck doctor --target {draft.name}{at}"


def _toml(value: str | list[str]) -> str:
    """A text or a list of texts: TOML's basic strings are JSON's."""
    return json.dumps(value, ensure_ascii=False)
