"""Identities and trust as settings describe them: how tokens are come by, and whose certificates are taken."""

from __future__ import annotations

import contextlib
import os
import signal
import ssl
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from conformance.support.errors import UsageError
from conformance.support.template import unknown_name
from conformance.target.secrets import Secrets
from conformance.target.target import CLAIM_NAMES, CLAIMS, TOKEN_LIFE_S, Auth
from conformance.target.token_place import places_of
from contracts import files

COMMAND_S = 30.0
"""How long a command may take to print a token: long enough for one that asks an identity provider."""
MOST_PRINTED_BYTES = 65_536
"""Of a token that a command prints: services take headers of 8 or 16 KB in all."""

KEYS_OF = {
    "none": (),
    "token": ("token", "tokens"),
    "command": ("command",),
    "jwt": ("key", "key_file", "algorithm", "claims", "key_id", "issuer", "audience", "life_s"),
}
"""The keys of [auth] that each kind reads; one that another kind reads would do nothing."""

ROLES = ("socket_role", "caller_role")
PLACE_KEYS = ("token_in", "token_as", "token_event", "caller_token_in", "caller_token_as")
"""Keys that every kind reads. With `none` they are about a token that comes as an option."""


def auth_of(table: Mapping[str, Any], folder: Path, where: str, secrets: Secrets) -> Auth:
    """How actors authenticate.

    Args:
        folder: what paths are relative to.
        where: the name of the table.

    Raises:
        UsageError: a key is missing, or says nothing beside the others.
    """
    kind = table["kind"]
    for name in table:
        if name not in ("kind", *ROLES, *PLACE_KEYS, *KEYS_OF[kind]):
            raise UsageError(f'{where}: {name} is not used with kind = "{kind}", which reads {_listed(KEYS_OF[kind])}')
    roles: dict[str, Any] = {name: table[name] for name in ROLES if name in table} | places_of(table, where)
    match kind:
        case "token":
            if not ("token" in table or "tokens" in table):
                raise UsageError(f'{where}: kind = "token" needs token, or [{where}.tokens] with one for each role')
            return Auth(token=table.get("token"), tokens=table.get("tokens", {}), **roles)
        case "command":
            if "command" not in table:
                raise UsageError(f'{where}: kind = "command" needs command, the words of a program that prints a token')
            wrong = unknown_name(table["command"], CLAIM_NAMES)
            if wrong:
                raise UsageError(f"{where}.command: {wrong}")
            return Auth(command=tuple(table["command"]), **roles)
        case "jwt":
            return _minting(table, folder, where, secrets, roles)
        case _:
            return Auth(**roles)


def _minting(table: Mapping[str, Any], folder: Path, where: str, secrets: Secrets, roles: dict[str, Any]) -> Auth:
    if ("key" in table) == ("key_file" in table):
        raise UsageError(f'{where}: kind = "jwt" needs one of key and key_file')
    key: str = table.get("key", "")
    if "key_file" in table:
        path = folder / table["key_file"]
        try:
            key = files.text(path)
        except OSError as error:
            raise UsageError(f"{where}.key_file: {path} cannot be read: {error.strerror}") from error
        except UnicodeDecodeError as error:
            raise UsageError(f"{where}.key_file: {path} cannot be read: {error}") from error
    secrets.add(key, *key.split("\n"))
    claims = table.get("claims", CLAIMS)
    wrong = unknown_name(claims, CLAIM_NAMES)
    if wrong:
        raise UsageError(f"{where}.claims: {wrong}")
    made = Auth(
        key=key.strip() if "BEGIN" not in key else key,
        algorithm=table.get("algorithm", "HS256" if "BEGIN" not in key else "RS256"),
        claims=claims,
        key_id=table.get("key_id"),
        issuer=table.get("issuer"),
        audience=table.get("audience"),
        life_s=table.get("life_s", TOKEN_LIFE_S),
        **roles,
    )
    usable_key(made, where)
    return made


def usable_key(auth: Auth, where: str) -> None:
    """Refuse a key that its algorithm cannot sign with.

    Raises:
        UsageError: without a word of the key.
    """
    import jwt

    try:
        jwt.encode({}, auth.key or "", algorithm=auth.algorithm)
    except (jwt.PyJWTError, ValueError, TypeError) as error:
        what = "a shared secret" if auth.algorithm.startswith("HS") else "a PEM private key of its kind"
        raise UsageError(
            f"{where}: {auth.algorithm} needs {what}, and this one is not: {type(error).__name__}"
        ) from error


def printed(words: Sequence[str], code: int, said: bytes, complained: bytes) -> str:
    """The token that a command of the settings has printed.

    Args:
        words: the command.
        code: its exit code.
        said: what it wrote to its standard output, and `complained` to its standard error; no more of each need be read
            than `MOST_PRINTED_BYTES` and one.

    Raises:
        UsageError: it printed none, or more than one word.
    """
    if len(said) > MOST_PRINTED_BYTES:
        raise UsageError(f"auth.command: {words[0]!r} printed more than {MOST_PRINTED_BYTES} bytes, which is no token")
    token = said.decode("utf-8", "replace").strip()
    if code or not token:
        lines = complained.decode("utf-8", "replace").strip().splitlines()
        why = f": {lines[-1]}" if lines else ""
        raise UsageError(f"auth.command: {words[0]!r} ended with {code} and printed no token{why}")
    if len(token.split()) != 1:
        raise UsageError(f"auth.command: expected {words[0]!r} to print one token, got {len(token.split())} words")
    return token


def not_printed(words: Sequence[str], error: OSError | TimeoutError) -> UsageError:
    """What is said where such a command could not be run, or did not end within `COMMAND_S`."""
    if isinstance(error, TimeoutError):
        return UsageError(f"auth.command: {words[0]!r} printed no token within {COMMAND_S:g} s")
    return UsageError(f"auth.command: {words[0]!r} cannot be run: {error.strerror}")


def kill_group(pid: int) -> None:
    """End a command that was started in a session of its own, and whatever it has started itself."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)


def prepared(key: str, algorithm: str) -> Any:
    """A key as the signing library uses it: reading a PEM anew for each token would cost more than signing."""
    import jwt

    return jwt.get_algorithm_by_name(algorithm).prepare_key(key)


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(names) or "nothing else"


def tls_of(table: Mapping[str, Any], folder: Path, where: str) -> ssl.SSLContext:
    """What connections trust: the system's authorities, one's own besides, or anybody.

    Raises:
        UsageError: a file cannot be used.
    """
    context = ssl.create_default_context()
    for name in ("ca_file", "cert_file", "key_file"):
        if name in table and (why := files.unusable(folder / table[name])):
            raise UsageError(f"{where}.{name}: {why}")
    try:
        if "ca_file" in table:
            context.load_verify_locations(folder / table["ca_file"])
        if "cert_file" in table:
            key = folder / table["key_file"] if "key_file" in table else None
            # A key with a pass phrase would ask for it on the terminal: refused instead.
            context.load_cert_chain(folder / table["cert_file"], key, password=lambda: b"")
        elif "key_file" in table:
            raise UsageError(f"{where}.key_file: a key needs cert_file")
    except (ssl.SSLError, OSError, ValueError) as error:
        raise UsageError(f"{where}: a certificate or key cannot be used: {error}") from error
    if table.get("insecure"):
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context
