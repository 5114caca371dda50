"""What the parts of the reference service share: refusals, ids in paths, kinds of keys."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

from starlette.requests import Request


class Bad(Exception):
    """A request that the contract does not allow; the requester is told, nobody else."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status


def algorithms_of(key: str | None) -> list[str]:
    """The algorithms of tokens that a key can verify, which no token may choose for itself."""
    if not key or "BEGIN" not in key:
        return ["HS256"]
    from cryptography.hazmat.primitives.asymmetric import rsa
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    return ["RS256"] if isinstance(load_pem_public_key(key.encode()), rsa.RSAPublicKey) else ["ES256"]


def is_int(value: Any) -> bool:
    """A whole number, and no boolean."""
    return isinstance(value, int) and not isinstance(value, bool)


def within(value: Any, low: float, high: float | None) -> bool:
    """A number in its range."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return is_number and value >= low and (high is None or value <= high)


SLASH = "\ue000"
"""Stands for an encoded slash while Starlette routes by the decoded path: a code point of the private-use
area, which no id of a person holds."""


def segment(request: Request, name: str) -> str:
    """A parameter of the path, with its slashes back."""
    value: str = request.path_params[name]
    return value.replace(SLASH, "/")


def raw_path(app: Any) -> Any:
    """Route by the path as it was sent, so that an id may hold an encoded slash."""

    async def routed(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http" and b"%2f" in scope.get("raw_path", b"").lower():
            raw = scope["raw_path"].split(b"?")[0].decode("ascii")
            path = "/".join(
                unquote(part.replace("%2F", "/").replace("%2f", "/")).replace("/", SLASH) for part in raw.split("/")
            )
            scope = {**scope, "path": path}
        await app(scope, receive, send)

    return routed
